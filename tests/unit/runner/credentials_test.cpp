// SPDX-License-Identifier: Apache-2.0
#include "credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::runner {
namespace {

using testing::HasSubstr;

class CredentialsTest : public testing::Test {
 protected:
  /// Who is let in, or why not.
  std::string check(const std::string& fields, const std::string& client = "127.0.0.1", bool peerIsTrusted = false) {
    http::Origin origin;
    origin.peer = origin.client = client;
    origin.peer_is_trusted = peerIsTrusted;
    const auto request = http::requestFromText("GET /api/queues HTTP/1.1\r\n" + fields + "\r\n", origin);
    try {
      const std::string name = credentials_.check(request);
      return name.empty() ? "without a token" : name;
    } catch (const Unauthenticated& error) {
      return std::string("refused: ") + error.what();
    }
  }

  static AccessRules rules() {
    AccessRules rules;
    rules.tokens = {{"host", hashOfToken("tar_one")}, {"laptop", hashOfToken("tar_two")}};
    rules.anonymous = true;
    rules.anonymous_from = {"127.0.0.0/8", "10.1.0.0/16"};
    rules.hosts = {"runner.example"};
    return rules;
  }

  Credentials credentials_{rules()};
};

TEST_F(CredentialsTest, tokensNameTheirClient) {
  EXPECT_EQ(check("Host: a\r\nAuthorization: Bearer tar_one\r\n", "192.0.2.1"), "host");
  EXPECT_EQ(check("Host: a\r\nAuthorization: bearer tar_two\r\n", "192.0.2.1"), "laptop");
  EXPECT_EQ(check("Host: a\r\nOrigin: http://a\r\nAuthorization: Bearer tar_one\r\n"), "host");
}

TEST_F(CredentialsTest, wrongTokensAreRefusedEvenWhereNoneIsNeeded) {
  for (const char* value : {"Bearer tar_three", "Bearer ", "Bearer", "Basic dXNlcjpwYXNz", "tar_one",
                            "Bearer tar_one "
                            "x",
                            "Bearer tar_on", "Bearer tar_onee"}) {
    EXPECT_THAT(check("Host: 127.0.0.1\r\nAuthorization: " + std::string(value) + "\r\n"), HasSubstr("refused"))
        << value;
  }
}

TEST_F(CredentialsTest, anonymousClientsComeFromTheNamedNetworks) {
  EXPECT_EQ(check("Host: 127.0.0.1:8090\r\n"), "without a token");
  EXPECT_EQ(check("Host: 10.1.2.3\r\n", "10.1.9.9"), "without a token");
  EXPECT_THAT(check("Host: 10.1.2.3\r\n", "10.2.0.1"), HasSubstr("clients at 10.2.0.1 need a token"));
}

TEST_F(CredentialsTest, whatABrowserSendsNeedsAToken) {
  EXPECT_THAT(check("Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n"), HasSubstr("web pages need a token"));
  EXPECT_THAT(check("Host: 127.0.0.1\r\nOrigin: null\r\n"), HasSubstr("web pages need a token"));
  for (const char* site : {"cross-site", "same-site", "same-origin", "none"}) {
    EXPECT_THAT(check("Host: 127.0.0.1\r\nSec-Fetch-Site: " + std::string(site) + "\r\n"),
                HasSubstr("web pages need a token"));
  }
}

TEST_F(CredentialsTest, namesThatAreNotConfiguredNeedAToken) {
  EXPECT_EQ(check("Host: runner.example:8090\r\n"), "without a token");
  EXPECT_EQ(check("Host: localhost:8090\r\n"), "without a token");
  EXPECT_EQ(check("Host: [::1]:8090\r\n"), "without a token");
  EXPECT_THAT(check("Host: evil.example\r\n"), HasSubstr("refused"));
  EXPECT_THAT(check("Host: 127.0.0.1.evil.example\r\n"), HasSubstr("refused"));
}

TEST_F(CredentialsTest, behindAnUnknownProxyNobodyIsAnonymous) {
  EXPECT_THAT(check("Host: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1\r\n"), HasSubstr("trusted_proxies"));
  EXPECT_EQ(check("Host: 127.0.0.1\r\nX-Forwarded-For: 10.1.0.1\r\n", "10.1.0.1", true), "without a token");
}

TEST_F(CredentialsTest, replacedRulesCountAtOnce) {
  AccessRules fewer = rules();
  fewer.tokens.pop_back();
  fewer.anonymous = false;
  credentials_.replace(fewer);
  EXPECT_THAT(check("Host: a\r\nAuthorization: Bearer tar_two\r\n"), HasSubstr("not valid here"));
  EXPECT_EQ(check("Host: a\r\nAuthorization: Bearer tar_one\r\n"), "host");
  EXPECT_THAT(check("Host: 127.0.0.1\r\n"), HasSubstr("needs a token"));
}

TEST(Tokens, areLongAndDifferentAndKnownByTheirHash) {
  const std::string one = newToken();
  EXPECT_GE(one.size(), 43U);
  EXPECT_NE(one, newToken());
  EXPECT_TRUE(isTokenHash(hashOfToken(one)));
  EXPECT_EQ(hashOfToken(one), hashOfToken(one));
  EXPECT_FALSE(isTokenHash(one));
  EXPECT_FALSE(isTokenHash("sha256:" + std::string(64, 'G')));
}

}  // namespace
}  // namespace testarena::runner
