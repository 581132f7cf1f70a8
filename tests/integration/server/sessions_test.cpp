// SPDX-License-Identifier: Apache-2.0
// Logging in, sessions, and requests that other sites make a browser send.
#include <fstream>
#include <iterator>

#include "route.h"
#include "running_server.h"

namespace testarena::integration {
namespace {

struct Browser {
  Headers cookie;
  std::string csrf;
  Headers writing() const { return cookie + Headers{{"X-CSRF-Token", csrf}}; }
};

class SessionsTest : public ServerTest {
 protected:
  static Answer logIn(const std::string& username, const std::string& password, const Headers& more = {}) {
    return server().http().send("POST", "/api/v1/session", kJson + more,
                                jsonObject({{"username", username}, {"password", password}}));
  }
  static Browser browser() {
    const auto answer = logIn("admin", server().adminPassword());
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto cookie = answer.header("set-cookie");
    return {{{"Cookie", cookie.substr(0, cookie.find(';'))}}, answer.json().find("csrf_token")->text()};
  }
  static int whoAmI(const Headers& headers) { return server().http().send("GET", "/api/v1/session", headers).status; }

  /// A route's address with something in place of its parameters.
  static std::string addressOf(const server::Route& route) {
    std::string address = route.pattern;
    for (const auto& [name, value] : std::initializer_list<std::pair<std::string, std::string>>{
             {"{environment}", "lab"}, {"{id}", "1"}, {"{scenario}", "a"}, {"{attempt}", "1"}, {"{name}", "a"}}) {
      if (const auto at = address.find(name); at != std::string::npos) address.replace(at, name.size(), value);
    }
    return address;
  }
  static std::vector<server::Route> writingRoutes() {
    std::vector<server::Route> writing;
    for (const auto& route : server::routes()) {
      if (std::string(route.method) != "GET") writing.push_back(route);
    }
    return writing;
  }
};

TEST_F(SessionsTest, theCookieIsHostOnlyHttpOnlyAndSecure) {
  const auto cookie = logIn("admin", server().adminPassword()).header("set-cookie");
  EXPECT_EQ(cookie.substr(0, 17), "__Host-testarena=");
  for (const auto* word : {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"}) {
    EXPECT_NE(cookie.find(word), std::string::npos) << word << " is missing: " << cookie;
  }
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
}

TEST_F(SessionsTest, aSessionLastsUntilItIsEnded) {
  const auto person = browser();
  EXPECT_EQ(whoAmI(person.cookie), 200);
  EXPECT_EQ(server().http().send("DELETE", "/api/v1/session", person.writing()).status, 204);
  EXPECT_EQ(whoAmI(person.cookie), 401);
}

TEST_F(SessionsTest, aCookieSetBeforeLoginIsWorthNothingAfterIt) {
  const Headers planted{{"Cookie", "__Host-testarena=planted"}};
  EXPECT_EQ(whoAmI(planted), 401);
  EXPECT_EQ(logIn("admin", server().adminPassword(), planted).status, 200);
  EXPECT_EQ(whoAmI(planted), 401);
}

TEST_F(SessionsTest, twoCookiesOfOneNameAreNone) {
  const auto person = browser();
  const auto value = person.cookie[0].second;
  EXPECT_EQ(whoAmI({{"Cookie", "__Host-testarena=planted; " + value}}), 401);
}

TEST_F(SessionsTest, anEncodedWordInACookieIsNotDecoded) {
  const auto person = browser();
  const auto answer = server().http().send("GET", "/api/v1/session", {{"Cookie", "=?UTF-8?B?c2lkPWV2aWw=?="}});
  EXPECT_TRUE(answer.status == 400 || answer.status == 401) << answer.status;
}

TEST_F(SessionsTest, aResetPasswordEndsTheSessionsAndTheOldPassword) {
  const auto password = server().createUser("carla", "user");
  const auto answer = logIn("carla", password);
  ASSERT_EQ(answer.status, 200);
  const auto cookie = answer.header("set-cookie");
  const Headers headers{{"Cookie", cookie.substr(0, cookie.find(';'))}};
  EXPECT_EQ(whoAmI(server().as("carla", password)), 200);
  const auto fresh = server().command({"admin", "reset-password", "carla"});
  waitUntil("the session has ended", [&] { return whoAmI(headers) == 401; });
  EXPECT_EQ(whoAmI(server().as("carla", password)), 401);
  EXPECT_EQ(whoAmI(server().as("carla", fresh)), 200);
}

TEST_F(SessionsTest, tokensWorkAndOnlyTheirDigestIsStored) {
  const auto token = server().command({"admin", "token", "admin"});
  EXPECT_EQ(token.substr(0, 3), "ta_");
  EXPECT_EQ(whoAmI({{"Authorization", "Bearer " + token}}), 200);
  EXPECT_EQ(whoAmI({{"Authorization", "bearer " + token}}), 200);
  EXPECT_EQ(whoAmI({{"Authorization", "Bearer " + token.substr(0, token.size() - 1) + "x"}}), 401);
  const auto secret = token.substr(token.rfind('_') + 1);
  for (const auto& entry : std::filesystem::directory_iterator(server().folder() / "data")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(content.find(secret), std::string::npos) << entry.path();
  }
}

TEST_F(SessionsTest, logoutEndsOpenStreams) {
  const auto person = browser();
  EventStream stream(server().address(), "/api/v1/events", person.cookie);
  EXPECT_EQ(stream.next().name, "snapshot");
  server().http().send("DELETE", "/api/v1/session", person.writing());
  EXPECT_TRUE(stream.ends(std::chrono::seconds(20)));
}

TEST_F(SessionsTest, whatAnotherSiteSendsIsRefusedOnEveryWritingRoute) {
  const auto person = browser();
  const std::vector<Headers> foreign{{{"Origin", "https://evil.example"}},
                                     {{"Origin", "null"}},
                                     {{"Origin", "http://" + server().address() + ".evil.example"}},
                                     {{"Sec-Fetch-Site", "cross-site"}},
                                     {{"Sec-Fetch-Site", "same-site"}}};
  for (const auto& route : writingRoutes()) {
    for (const auto& headers : foreign) {
      for (const auto& credentials : {person.writing(), server().asAdmin(), Headers{}}) {
        const auto answer = server().http().send(route.method, addressOf(route), credentials + headers + kJson, "{}");
        EXPECT_EQ(answer.status, 403) << route.method << " " << route.pattern << " " << headers[0].second;
      }
    }
  }
  EXPECT_EQ(whoAmI(person.cookie), 200) << "nothing was carried out";
}

TEST_F(SessionsTest, aCookieAloneWritesNothing) {
  const auto person = browser();
  for (const auto& route : writingRoutes()) {
    if (route.access == server::Access::open) continue;
    const auto without = server().http().send(route.method, addressOf(route), person.cookie + kJson, "{}");
    EXPECT_EQ(without.status, 403) << route.method << " " << route.pattern;
    const auto wrong = server().http().send(route.method, addressOf(route),
                                            person.cookie + kJson + Headers{{"X-CSRF-Token", "wrong"}}, "{}");
    EXPECT_EQ(wrong.status, 403) << route.method << " " << route.pattern;
  }
}

TEST_F(SessionsTest, formsOfOtherSitesAreNotJson) {
  const auto person = browser();
  const auto answer =
      server().http().send("POST", "/api/v1/jobs", person.writing() + Headers{{"Content-Type", "text/plain"}},
                           R"({"environment":"lab","branch":"main","scenarios":["checks/passes"]})");
  EXPECT_EQ(answer.status, 415);
}

TEST_F(SessionsTest, ourOwnPageMayWrite) {
  const auto person = browser();
  const Headers own{{"Origin", "http://" + server().address()}, {"Sec-Fetch-Site", "same-origin"}};
  const auto answer = server().http().send("POST", "/api/v1/jobs", person.writing() + own + kJson,
                                           R"({"environment":"lab","branch":"main","scenarios":["checks/passes"]})");
  EXPECT_EQ(answer.status, 201) << answer.body;
}

TEST_F(SessionsTest, tenWrongPasswordsInARowMakeTheNextWait) {
  server().createUser("dora", "user");
  Answer answer;
  for (int i = 0; i < 10; ++i) {
    answer = logIn("dora", "wrong password");
    ASSERT_EQ(answer.status, 401);
    EXPECT_NE(answer.header("www-authenticate").find("Bearer"), std::string::npos);
    EXPECT_EQ(answer.header("www-authenticate").find("Basic"), std::string::npos);
  }
  answer = logIn("dora", "wrong password");
  EXPECT_EQ(answer.status, 429);
  EXPECT_FALSE(answer.header("retry-after").empty());
  EXPECT_EQ(logIn("admin", server().adminPassword()).status, 200) << "others are not kept out";
}

TEST_F(SessionsTest, unknownAndKnownAccountsAreRefusedInTheSameWords) {
  auto known = logIn("admin", "wrong password").json();
  auto unknown = logIn("nobody-here", "wrong password").json();
  known.erase("request_id");
  unknown.erase("request_id");
  EXPECT_EQ(known.find("detail")->text(), unknown.find("detail")->text());
  EXPECT_EQ(known.find("status")->integer(), unknown.find("status")->integer());
}

}  // namespace
}  // namespace testarena::integration
