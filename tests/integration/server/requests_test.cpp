// SPDX-License-Identifier: Apache-2.0
// What hostile or mistaken requests get: ids, bodies, paths, branch names, searches, and the fields of every answer.
#include <algorithm>
#include <fstream>

#include "route.h"
#include "running_server.h"

namespace testarena::integration {
namespace {

class RequestsTest : public ServerTest {
 protected:
  static Answer get(const std::string& target) { return server().http().send("GET", target, server().asAdmin()); }
  static Answer post(const std::string& target, const std::string& body) {
    return server().http().send("POST", target, server().asAdmin() + kJson, body);
  }
  static bool isRefusal(int status) { return status == 400 || status == 404 || status == 414; }
  static std::string percent(const std::string& text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const unsigned char c : text) encoded.append({'%', kDigits[c >> 4], kDigits[c & 15]});
    return encoded;
  }
};

TEST_F(RequestsTest, anIdHasOneSpelling) {
  for (const std::string id : {"0", "-1", "1e3", "9223372036854775808", "9007199254740992", "1,000", "%201", "+1", "01",
                               "%D9%A1", "1.0", "x", "..", "%2e%2e", "1%00"}) {
    const auto answer = get("/api/v1/jobs/" + id);
    EXPECT_TRUE(answer.status == 404 || answer.status == 400) << id << " " << answer.status;
  }
}

TEST_F(RequestsTest, rolesAndOwnersAreObeyed) {
  const auto owner = server().as("emma", server().createUser("emma", "user"));
  const auto other = server().as("fred", server().createUser("fred", "user"));
  const auto viewer = server().as("gina", server().createUser("gina", "viewer"));
  const std::string body = R"({"environment":"lab","branch":"main","scenarios":["checks/waits"]})";
  EXPECT_EQ(server().http().send("POST", "/api/v1/jobs", viewer + kJson, body).status, 403);
  const auto made = server().http().send("POST", "/api/v1/jobs", owner + kJson, body);
  ASSERT_EQ(made.status, 201);
  const auto path = "/api/v1/jobs/" + std::to_string(made.json().find("id")->integer());
  for (const auto& reader : {owner, other, viewer}) EXPECT_EQ(server().http().send("GET", path, reader).status, 200);
  EXPECT_EQ(server().http().send("GET", path).status, 401);
  for (const auto& stranger : {other, viewer}) {
    EXPECT_EQ(server().http().send("POST", path + "/abort", stranger).status, 403);
    EXPECT_EQ(server().http().send("DELETE", path, stranger).status, 403);
    EXPECT_EQ(server().http().send("GET", "/api/v1/plugins", stranger).status, 403);
  }
  EXPECT_EQ(server().http().send("POST", path + "/abort", owner).status, 202);
  EXPECT_EQ(server().http().send("DELETE", path, server().asAdmin()).status, 204);
}

TEST_F(RequestsTest, peopleSeeTheirOwnJobsFirstAndFindThoseOfOthers) {
  const auto hans = server().as("hans", server().createUser("hans", "user"));
  server().submit({"checks/passes"});
  EXPECT_TRUE(server().http().send("GET", "/api/v1/jobs", hans).json().find("jobs")->list().empty());
  const auto found = server().http().send("GET", "/api/v1/jobs?q=ADM", hans).json();
  ASSERT_FALSE(found.find("jobs")->list().empty());
  EXPECT_EQ(found.find("jobs")->list()[0].find("user")->text(), "admin");
}

TEST_F(RequestsTest, everyRouteButTheOpenOnesNeedsCredentials) {
  for (const auto& route : server::routes()) {
    std::string address = route.pattern;
    for (auto at = address.find('{'); at != std::string::npos; at = address.find('{')) {
      address.replace(at, address.find('}') - at + 1, "1");
    }
    const auto answer = server().http().send(route.method, address, kJson);
    if (route.access == server::Access::open) {
      EXPECT_NE(answer.status, 401) << route.pattern;
    } else {
      EXPECT_EQ(answer.status, 401) << route.method << " " << route.pattern;
    }
  }
}

TEST_F(RequestsTest, aListIsPagedWithoutGapsAndNotSentTwice) {
  for (int i = 0; i < 5; ++i) server().submit({"checks/passes"});
  std::vector<int64_t> ids;
  std::string after;
  for (int pages = 0; pages < 100; ++pages) {
    const auto page = get("/api/v1/jobs?limit=2" + after).json();
    for (const auto& job : page.find("jobs")->list()) ids.push_back(job.find("id")->integer());
    if (page.find("next")->isNull()) break;
    after = "&after=" + std::to_string(page.find("next")->integer());
  }
  EXPECT_GE(ids.size(), 5U);
  EXPECT_TRUE(std::is_sorted(ids.rbegin(), ids.rend()));
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());

  waitUntil("nothing changes any more", [&] {
    return get("/api/v1/jobs?state=waiting").json().find("jobs")->list().empty() &&
           get("/api/v1/jobs?state=in_progress").json().find("jobs")->list().empty();
  });
  waitUntil("a list that did not change is not sent again", [&] {
    const auto first = get("/api/v1/jobs");
    return server()
               .http()
               .send("GET", "/api/v1/jobs", server().asAdmin() + Headers{{"If-None-Match", first.header("etag")}})
               .status == 304;
  });
}

TEST_F(RequestsTest, unknownAndWrongParametersAreRefusedByName) {
  EXPECT_EQ(get("/api/v1/jobs?stat=failed").status, 400);
  EXPECT_NE(get("/api/v1/jobs?stat=failed").body.find("did you mean 'state'"), std::string::npos);
  for (const std::string query :
       {"limit=0", "limit=501", "limit=1e3", "limit=", "after=x", "state=finished", "limit=1&limit=2"}) {
    EXPECT_EQ(get("/api/v1/jobs?" + query).status, 400) << query;
  }
}

TEST_F(RequestsTest, bodiesAreReadStrictly) {
  const std::string good = R"("environment":"lab","branch":"main","scenarios":["checks/passes"])";
  const std::vector<std::string> bad{
      "",
      "null",
      "[]",
      "{" + good,
      "{" + good + "}x",
      "{" + good + R"(,"owner":"admin"})",
      "{" + good + R"(,"state":"passed"})",
      "{" + good + R"(,"id":1})",
      "{" + good + R"(,"user":"admin"})",
      "{" + good + R"(,"branch":"other"})",
      R"({"environment":"lab","branch":1,"scenarios":["a"]})",
      R"({"environment":"lab","branch":true,"scenarios":["a"]})",
      R"({"environment":"lab","branch":"main","scenarios":"a"})",
      R"({"environment":"lab","branch":"main","scenarios":[1]})",
      R"({"environment":"lab","branch":"main","scenarios":[]})",
      R"({"environment":"lab","branch":"main","scenarios":["checks/passes","checks/passes"]})",
      R"({"environment":"lab","branch":"main"})",
      R"({"environment":"other","branch":"main","scenarios":["checks/passes"]})",
      "{" + good + R"(,"commit":1.9})",
      "{\"environment\":\"l\\u0000b\",\"branch\":\"main\",\"scenarios\":[\"a\"]}",
      "{\"environment\":\"\\ud800\",\"branch\":\"main\",\"scenarios\":[\"a\"]}",
      "{\"environment\":\"\xff\",\"branch\":\"main\",\"scenarios\":[\"a\"]}",
      "\xEF\xBB\xBF{" + good + "}",
      std::string(100'000, '['),
  };
  for (const auto& body : bad) {
    const auto answer = post("/api/v1/jobs", body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 100);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json") << body.substr(0, 100);
    EXPECT_EQ(answer.json().find("status")->integer(), 400);
  }
  const auto unknown = post("/api/v1/jobs", "{" + good + R"(,"scenrios":[]})").json();
  ASSERT_FALSE(unknown.find("errors")->list().empty());
  EXPECT_EQ(unknown.find("errors")->list()[0].find("pointer")->text(), "/scenrios");
}

TEST_F(RequestsTest, branchNamesReachNeitherAShellNorAnOption) {
  const auto canary = server().folder() / "canary";
  const std::vector<std::string> names{"--upload-pack=touch " + canary.string(),
                                       "-oProxyCommand=touch " + canary.string(),
                                       "--output=" + canary.string(),
                                       "a..b",
                                       "a@{1}",
                                       "x.lock",
                                       ".x",
                                       "a//b",
                                       "x\ny",
                                       "$(touch " + canary.string() + ")",
                                       "`touch " + canary.string() + "`",
                                       "';touch " + canary.string() + ";'",
                                       "x y",
                                       "\xE2\x80\xAE",
                                       std::string(4096, 'a')};
  for (const auto& name : names) {
    const auto shown = get("/api/v1/environments/lab/branch?name=" + percent(name));
    EXPECT_TRUE(isRefusal(shown.status)) << name.substr(0, 60) << " " << shown.status;
    const auto listed = get("/api/v1/environments/lab/scenarios?branch=" + percent(name));
    EXPECT_TRUE(isRefusal(listed.status)) << name.substr(0, 60) << " " << listed.status;
    EXPECT_NE(get("/api/v1/environments/lab/branches?prefix=" + percent(name)).status, 500) << name.substr(0, 60);
  }
  for (const std::string name : {"HEAD", "refs/heads/main", "main~1"}) {
    const auto answer = get("/api/v1/environments/lab/branch?name=" + percent(name));
    EXPECT_TRUE(answer.status == 400 || answer.status == 404) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(canary));
  EXPECT_EQ(get("/api/v1/environments/lab/branch?name=main").status, 200);
}

TEST_F(RequestsTest, noPathLeavesThePages) {
  for (const std::string path :
       {"/..%2f..%2fetc/passwd", "/%252e%252e/etc/passwd", "/..%5c..%5cetc", "/index.html%00.txt", "/proc/self/environ",
        "/../../etc/passwd", "/etc/passwd", "/assets/../../data/testarena.db"}) {
    const auto answer = server().http().send("GET", path);
    EXPECT_TRUE(answer.status == 400 || answer.status == 404) << path << " " << answer.status;
    EXPECT_EQ(answer.body.find("root:"), std::string::npos);
  }
}

TEST_F(RequestsTest, searchesAreTextAndNothingElse) {
  for (const std::string q : {"' OR 1=1--", "%", "_", "\\", "\"", "a'b", "*", "admin)(", "\xF0\x9F\x92\xA9"}) {
    const auto answer = get("/api/v1/jobs?q=" + percent(q));
    ASSERT_EQ(answer.status, 200) << q;
    EXPECT_TRUE(answer.json().find("jobs")->list().empty()) << q;
  }
  EXPECT_EQ(get("/api/v1/jobs?q=a%00b").status, 400);
}

TEST_F(RequestsTest, everyAnswerCarriesTheFieldsThatKeepBrowsersSafe) {
  const std::vector<std::pair<std::string, std::string>> requests{{"GET", "/livez"},
                                                                  {"GET", "/readyz"},
                                                                  {"GET", "/metrics"},
                                                                  {"GET", "/api/v1/session"},
                                                                  {"GET", "/nothing/here"},
                                                                  {"PUT", "/api/v1/jobs"},
                                                                  {"POST", "/api/v1/jobs"},
                                                                  {"GET", "/api/v1/jobs/x"},
                                                                  {"GET", "/api/openapi.json"},
                                                                  {"GET", "/"},
                                                                  {"BREW", "/livez"},
                                                                  {"GET", "/%zz"}};
  for (const auto& [method, path] : requests) {
    for (const auto& credentials : {Headers{}, server().asAdmin()}) {
      const auto answer = server().http().send(method, path, credentials);
      const auto where = method + " " + path + " " + std::to_string(answer.status);
      EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << where;
      EXPECT_NE(answer.header("content-security-policy").find("frame-ancestors 'none'"), std::string::npos) << where;
      EXPECT_EQ(answer.header("cross-origin-opener-policy"), "same-origin") << where;
      EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin") << where;
      EXPECT_TRUE(answer.hasHeader("cache-control")) << where;
      EXPECT_FALSE(answer.hasHeader("server")) << where;
      EXPECT_EQ(answer.body.find(server().folder().string()), std::string::npos) << where;
    }
  }
}

TEST_F(RequestsTest, strangeVersionsAndMethodsAreNotEchoed) {
  const auto echoed = server().http().exchange("GET /x <script>alert(1)</script>\r\nHost: x\r\n\r\n");
  EXPECT_EQ(echoed.find("<script>"), std::string::npos);
  EXPECT_EQ(echoed.substr(0, 9), "HTTP/1.1 ");
}

TEST_F(RequestsTest, whatPeopleTypeIsOneLineOfTheLog) {
  const auto before = server().logText();
  const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  server().http().send("POST", "/api/v1/session", kJson,
                       jsonObject({{"username", "x\n2026-01-01T00:00:00Z info login of admin ok"}, {"password", "p"}}));
  server().http().send("POST", "/api/v1/session", kJson,
                       jsonObject({{"username", "esc\x1b[2J\xE2\x80\xA8"}, {"password", "p"}}));
  const auto added = server().logText().substr(before.size());
  EXPECT_EQ(added.find('\x1b'), std::string::npos);
  EXPECT_EQ(added.find("\n2026-01-01"), std::string::npos);
  EXPECT_LE(lines(added), 4);
}

TEST_F(RequestsTest, theFirstPasswordIsForItsOwnerAlone) {
  const auto file = server().folder() / "data/initial-admin-password";
  const auto mode = std::filesystem::status(file).permissions() & std::filesystem::perms::mask;
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(server().adminPassword().size(), 24U);
  EXPECT_EQ(server().http().send("GET", "/api/v1/session", server().as("admin", "admin")).status, 401);
  EXPECT_EQ(server().http().send("GET", "/api/v1/session", server().as("admin", "")).status, 401);
}

TEST_F(RequestsTest, theDescriptionOfTheApiIsServed) {
  const auto document = server().http().send("GET", "/api/openapi.json").json();
  EXPECT_EQ(document.find("openapi")->text(), "3.1.0");
  EXPECT_NE(document.find("components")->find("schemas")->find("JobView"), nullptr);
}

TEST_F(RequestsTest, everyMetricHasAHelpAndAType) {
  const auto text = server().http().send("GET", "/metrics").body;
  EXPECT_NE(text.find("testarena_build_info"), std::string::npos);
  EXPECT_NE(text.find("# TYPE testarena_http_requests_total counter"), std::string::npos);
}

}  // namespace
}  // namespace testarena::integration
