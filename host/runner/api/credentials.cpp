// SPDX-License-Identifier: Apache-2.0
#include "credentials.h"

#include <algorithm>

#include "host_name.h"
#include "random.h"

namespace testarena::runner {
namespace {

constexpr std::string_view kHashKind = "sha256:";
constexpr std::string_view kTokenKind = "tar_";
constexpr std::string_view kScheme = "bearer ";

bool startsWithIgnoringCase(std::string_view text, std::string_view beginning) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
  return text.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), text.begin(), [&](char b, char a) { return same(a, b); });
}

}  // namespace

bool isTokenHash(std::string_view text) {
  const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.substr(0, kHashKind.size()) == kHashKind && text.size() == kHashKind.size() + 64 &&
         std::all_of(text.begin() + kHashKind.size(), text.end(), isHex);
}

// A plain digest is enough: unlike a password a token has 256 bits that nobody can guess.
std::string hashOfToken(std::string_view token) {
  return std::string(kHashKind) + sha256Hex(token);
}

std::string newToken() {
  return std::string(kTokenKind) + randomToken(43);
}

Credentials::Credentials(AccessRules rules) : rules_(checked(std::move(rules))) {}

std::shared_ptr<const Credentials::Checked> Credentials::checked(AccessRules rules) {
  for (const TokenHash& token : rules.tokens) {
    if (!isTokenHash(token.hash)) throw Invalid("the hash of the token '" + token.name + "' is none");
  }
  auto made = std::make_shared<Checked>();
  made->anonymousFrom = http::Networks(rules.anonymous_from);
  rules.hosts.emplace_back("localhost");
  made->rules = std::move(rules);
  return made;
}

void Credentials::replace(AccessRules rules) {
  auto made = checked(std::move(rules));
  const std::lock_guard lock(mutex_);
  rules_ = std::move(made);
}

std::string Credentials::check(const http::Request& request) const {
  std::shared_ptr<const Checked> now;
  {
    const std::lock_guard lock(mutex_);
    now = rules_;
  }
  const auto authorization = request.header("Authorization");
  if (!authorization) {
    checkAnonymous(request, *now);
    return {};
  }
  if (!startsWithIgnoringCase(*authorization, kScheme)) {
    throw Unauthenticated("unknown kind of authorization: send `Authorization: Bearer <token>`");
  }
  const std::string hash = hashOfToken(authorization->substr(kScheme.size()));
  const TokenHash* found = nullptr;
  for (const TokenHash& token : now->rules.tokens) {  // all of them, so that the time tells nothing
    if (constantTimeEqual(token.hash, hash)) found = &token;
  }
  if (found == nullptr) throw Unauthenticated("this token is not valid here: it may have been removed");
  return found->name;
}

void Credentials::checkAnonymous(const http::Request& request, const Checked& now) {
  if (!now.rules.anonymous) throw Unauthenticated("this needs a token: send `Authorization: Bearer <token>`");
  if (request.header("Origin") || request.header("Sec-Fetch-Site")) {
    throw Unauthenticated("requests of web pages need a token: send `Authorization: Bearer <token>`");
  }
  const bool isForwarded = request.header("X-Forwarded-For") || request.header("Forwarded");
  if (isForwarded && !request.origin().peer_is_trusted) {
    throw Unauthenticated(
        "the request came through a proxy that is not in [server] trusted_proxies, so nobody knows from where: "
        "it needs a token");
  }
  const auto address = http::IpAddress::parse(request.origin().client);
  if (!address || !now.anonymousFrom.contains(*address)) {
    throw Unauthenticated("clients at " + request.origin().client +
                          " need a token: they are not in [runner] anonymous_from");
  }
  const http::Authority host = http::parseAuthority(request.host());
  if (host.host.empty() || !http::isServed(host, now.rules.hosts)) {
    throw Unauthenticated("without a token the runner answers to addresses, localhost and the names in [server] hosts");
  }
}

}  // namespace testarena::runner
