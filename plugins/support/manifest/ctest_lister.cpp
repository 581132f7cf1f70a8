// SPDX-License-Identifier: Apache-2.0
#include "ctest_lister.h"

#include <cmath>
#include <set>
#include <utility>

#include <Poco/Dynamic/Var.h>
#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "manifest_rules.h"

namespace testarena::manifest {
namespace {

constexpr double kLongestTimeout = 365.0 * 24 * 3600;

/// A pattern of CMake's regular expressions for exactly this text.
std::string exactPattern(std::string_view text) {
  constexpr std::string_view kSpecial = "\\^$.[]-*+?|()";
  std::string pattern = "^";
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern + "$";
}

void appendTexts(const Poco::Dynamic::Var& value, std::string_view prefix, std::vector<std::string>& texts) {
  if (value.isString()) texts.push_back(std::string(prefix) + value.convert<std::string>());
  if (value.type() != typeid(Poco::JSON::Array::Ptr)) return;
  for (const Poco::Dynamic::Var& element : *value.extract<Poco::JSON::Array::Ptr>()) {
    if (element.isString()) texts.push_back(std::string(prefix) + element.convert<std::string>());
  }
}

/// ctest gives each test's properties as a list of {"name": ..., "value": ...}.
void readProperty(const std::string& name, const Poco::Dynamic::Var& value, ListedTest& test) {
  if (name == "TIMEOUT" && value.isNumeric()) {
    const double seconds = value.convert<double>();
    // Rounded up: a limit of 0.5 s is not "none". What is no number of seconds is none.
    if (seconds > 0 && seconds < kLongestTimeout) test.timeout_s = static_cast<int64_t>(std::ceil(seconds));
  } else if (name == "DISABLED" && value.isBoolean()) {
    test.disabled = value.convert<bool>();
  } else if (name == "LABELS" && value.type() == typeid(Poco::JSON::Array::Ptr)) {
    appendTexts(value, "", test.labels);
  } else if (name == "RUN_SERIAL" && value.isBoolean()) {
    test.serial = value.convert<bool>();
  } else if (name == "RESOURCE_LOCK") {
    appendTexts(value, "", test.locks);
  } else if (name == "FIXTURES_REQUIRED" || name == "FIXTURES_SETUP" || name == "FIXTURES_CLEANUP") {
    appendTexts(value, "fixture ", test.locks);  // each ctest sets a fixture up and cleans it up for itself
  } else if (name == "DEPENDS") {
    appendTexts(value, "", test.after);
  }
}

void readTest(const Poco::JSON::Object& from, std::set<std::string>& names, Listing& listing) {
  ListedTest test;
  const Poco::Dynamic::Var name = from.get("name");
  if (!name.isString()) throw Invalid("ctest lists a test without a name");
  test.name = name.convert<std::string>();
  if (const std::string why = whyNoName(test.name); !why.empty()) {
    listing.problems.push_back("the name of the test '" + cleanUtf8(test.name.substr(0, 80)) + "' " + why);
    return;
  }
  if (!names.insert(test.name).second) {
    listing.problems.push_back("there are two tests named '" + test.name + "': they can only run together");
    return;
  }
  if (const Poco::JSON::Array::Ptr properties = from.getArray("properties")) {
    for (const Poco::Dynamic::Var& element : *properties) {
      if (element.type() != typeid(Poco::JSON::Object::Ptr)) continue;
      const Poco::JSON::Object::Ptr property = element.extract<Poco::JSON::Object::Ptr>();
      if (property->get("name").isString())
        readProperty(property->getValue<std::string>("name"), property->get("value"), test);
    }
  }
  listing.tests.push_back(std::move(test));
}

std::string withoutEntities(std::string_view text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string plain;
  while (!text.empty()) {
    std::size_t taken = 1;
    char c = text.front();
    for (const auto& [entity, character] : kEntities) {
      if (text.substr(0, entity.size()) != entity) continue;
      taken = entity.size();
      c = character;
    }
    plain += c;
    text.remove_prefix(taken);
  }
  return plain;
}

/// The value of an attribute in the head of an XML element.
std::string attribute(std::string_view head, std::string_view name) {
  const std::string begin = " " + std::string(name) + "=\"";
  const std::size_t at = head.find(begin);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + begin.size());
  return withoutEntities(rest.substr(0, rest.find('"')));
}

/// From the element of a test that was not run: `<skipped message="SKIP_RETURN_CODE=77"/>`.
CtestReport whyNotRun(std::string_view element) {
  const std::size_t at = element.find("<skipped ");
  const std::string message = at == std::string_view::npos
                                  ? std::string()
                                  : attribute(element.substr(at, element.find('>', at) - at), "message");
  if (message.compare(0, 5, "SKIP_") == 0) return {CtestVerdict::skipped, {}};
  return {CtestVerdict::failed, "not run" + (message.empty() ? message : ": " + cleanUtf8(message.substr(0, 200)))};
}

}  // namespace

std::vector<std::string> ctestListCommand(std::string_view build_dir) {
  return {"ctest", "--test-dir", std::string(build_dir), "--show-only=json-v1"};
}

Listing parseCtestListing(std::string_view json) {
  Listing listing;
  std::set<std::string> names;
  try {
    const Poco::Dynamic::Var parsed = Poco::JSON::Parser().parse(std::string(json));
    const auto& document = parsed.extract<Poco::JSON::Object::Ptr>();
    const Poco::JSON::Array::Ptr tests = document->getArray("tests");
    if (document->optValue<std::string>("kind", "") != "ctestInfo" || !tests) {
      throw Invalid("ctest answered JSON that is no list of tests (kind ctestInfo)");
    }
    for (const Poco::Dynamic::Var& test : *tests) readTest(*test.extract<Poco::JSON::Object::Ptr>(), names, listing);
  } catch (const Poco::Exception& error) {
    throw Invalid("ctest's list of tests is no such JSON: " + cleanUtf8(error.displayText()));
  }
  return listing;
}

std::vector<std::string> ctestRunCommand(std::string_view build_dir, std::string_view test,
                                         std::string_view junit_file) {
  return {"ctest",     "--test-dir",       std::string(build_dir), "--tests-regex",        exactPattern(test),
          "--verbose", "--no-tests=error", "--output-junit",       std::string(junit_file)};
}

// A search instead of an XML parser: the file is ctest's own, and the host reads it as XML when it makes test cases of
// it.
CtestReport readCtestReport(std::string_view junit, std::string_view test) {
  constexpr std::string_view kElement = "<testcase ";
  for (std::size_t at = junit.find(kElement); at != std::string_view::npos; at = junit.find(kElement, at + 1)) {
    const std::string_view element = junit.substr(at, junit.find("</testcase>", at) - at);
    const std::string_view head = element.substr(0, element.find('>'));
    if (attribute(head, "name") != test) continue;
    const std::string status = attribute(head, "status");
    if (status == "run") return {CtestVerdict::passed, {}};
    if (status == "fail") return {CtestVerdict::failed, {}};
    if (status == "disabled") return {CtestVerdict::skipped, "disabled"};
    if (status == "notrun") return whyNotRun(element);
  }
  return {};
}

}  // namespace testarena::manifest
