// SPDX-License-Identifier: Apache-2.0
#include "discoverer_contract.h"

#include <chrono>
#include <fstream>

namespace testarena::contract {
namespace {

constexpr std::chrono::seconds kPatience{60};  // only a failure waits that long

}  // namespace

DiscovererContract::DiscovererContract() : subject_(GetParam().make()) {}

Branch DiscovererContract::resolve(const std::string& branch, const std::string& contains) {
  Call call(kPatience);
  return discoverer().resolve({branch, contains}, call);
}

Branches DiscovererContract::branches(const std::string& prefix, int64_t limit) {
  Call call(kPatience);
  return discoverer().branches({prefix, limit}, call);
}

Scan DiscovererContract::scan(const std::string& commit) {
  Call call(kPatience);
  return discoverer().scan({commit}, call);
}

Health DiscovererContract::health() {
  Call call(kPatience);
  return discoverer().health({}, call);
}

std::vector<std::string> DiscovererContract::impossibleNames() const {
  return {"",         "a..b",   "a@{1}",      "x.lock",
          "x.lock/y", ".x",     "a/.x",       "a//b",
          "/a",       "a/",     "a.",         "x y",
          "x\ny",     "x\ry",   "x\x7f",      std::string("x\0y", 3),
          "a~1",      "a^",     "a^{commit}", "a:b",
          "a?",       "a*",     "a[b]",       "a\\b",
          "-x",       "--help", "@",          "main --output=x",
          "a\tb",     "\x01",   "..",         "."};
}

std::vector<std::string> DiscovererContract::treacherousNames() const {
  const std::string touch = "touch " + subject_->canary();
  const std::string spaceless = "touch${IFS}" + subject_->canary();
  return {"--upload-pack=" + touch,
          "--upload-pack=" + spaceless,
          "-oProxyCommand=" + spaceless,
          "--output=" + subject_->canary(),
          "$(" + touch + ")",
          "$(" + spaceless + ")",
          "`" + spaceless + "`",
          "';" + spaceless + ";'",
          "\";" + spaceless + ";\"",
          ";" + spaceless,
          "|" + spaceless,
          "&" + spaceless + "&",
          "x\n" + touch,
          "HEAD",
          "FETCH_HEAD",
          "refs/heads/" + facts().branch.name,
          "heads/" + facts().branch.name,
          facts().branch.commit,
          facts().branch.commit.substr(0, 10),
          "tags/" + facts().ambiguous,
          "a\xe2\x80\xae"
          "b",
          std::string(4096, 'a'),
          std::string(100000, '/')};
}

bool DiscovererContract::canaryExists() const {
  return std::ifstream(subject_->canary()).is_open();
}

Code DiscovererContract::codeOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "") << "an error says what was wrong";
    return error.code();
  }
  return Code::ok;
}

}  // namespace testarena::contract
