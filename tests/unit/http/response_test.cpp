// SPDX-License-Identifier: Apache-2.0
#include "response.h"

#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "event_hub.h"
#include "problem.h"

namespace testarena::http::test {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(Response, noTextCanAddAFieldOrAnAnswer) {
  Response response;
  for (int c = 0; c < 0x20; ++c)
    EXPECT_THROW(response.setHeader("X-A", std::string("a") + static_cast<char>(c) + "b"), Invalid) << c;
  EXPECT_THROW(response.setHeader("X-A", "a\x7f"), Invalid);
  EXPECT_THROW(response.addHeader("X-A", "a\r\nSet-Cookie: sid=evil"), Invalid);
  EXPECT_THROW(response.setHeader("X-A\r\nX-B", "a"), Invalid);
  EXPECT_THROW(response.setHeader("X A", "a"), Invalid);
  EXPECT_THROW(response.setHeader("", "a"), Invalid);
  EXPECT_THROW(response.setBody(std::string("x"), "text/html\r\nX: y"), Invalid);
  EXPECT_TRUE(response.headers().empty());
  EXPECT_NO_THROW(response.setHeader("X-A", "caf\xc3\xa9 \xff"));
}

TEST(Response, redirectsLeadToPathsOfThisServerOnly) {
  EXPECT_THAT(Response::redirect("/jobs/7?tab=log").header("location"), Optional(std::string_view("/jobs/7?tab=log")));
  EXPECT_THAT(Response::redirect("/").header("location"), Optional(std::string_view("/")));
  for (const char* path : {"", "//evil.com", "/\\evil.com", "https:evil", "https://evil.com/", "javascript:alert(1)",
                           "jobs", "/a\\b", "/a\r\nSet-Cookie: x", "/\tx", "\\\\evil"})
    EXPECT_THROW(Response::redirect(path), Invalid) << path;
}

TEST(Response, setHeaderReplacesAndAddHeaderAdds) {
  Response response;
  response.addHeader("Link", "a").addHeader("X", "x").addHeader("link", "b");
  EXPECT_EQ(response.headers().size(), 3U);
  response.setHeader("LINK", "c");
  EXPECT_EQ(response.headers().size(), 2U);
  EXPECT_THAT(response.header("Link"), Optional(std::string_view("c")));
}

TEST(Response, cookiesAreHttpOnlyAndCannotCarryOtherAttributes) {
  Response response;
  response.setCookie({"sid", "abc", true, std::chrono::seconds(60)});
  EXPECT_THAT(response.header("set-cookie"),
              Optional(std::string_view("sid=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60")));
  for (const char* value : {"a;b", "a b", "a,b", "a\"b", "a\\b", "a\nb", "\xc3\xa9"})
    EXPECT_THROW(response.setCookie({"sid", value, true, {}}), Invalid) << value;
  EXPECT_THROW(response.setCookie({"s id", "a", true, {}}), Invalid);
}

TEST(Problem, isValidJsonWhateverIsInIt) {
  Problem problem{422, "", "a \"quoted\" \\ text\n\x01 \xff", {{"/a", "wrong"}, {"/b", "also \x7f"}}, "id-1"};
  EXPECT_EQ(problemJson(problem),
            "{\"title\":\"Unprocessable Content\",\"status\":422,\"detail\":\"a \\\"quoted\\\" \\\\ text\\u000a\\u0001 "
            "\xef\xbf\xbd\",\"errors\":["
            "{\"pointer\":\"/a\",\"message\":\"wrong\"},{\"pointer\":\"/b\",\"message\":\"also "
            "\\u007f\"}],\"request_id\":\"id-1\"}\n");
}

TEST(Problem, a401OffersNoBasicAndA503SaysWhenToComeBack) {
  EXPECT_THAT(problemResponse({401, "", "", {}, ""}).header("www-authenticate"), Optional(HasSubstr("Bearer")));
  EXPECT_THAT(problemResponse({401, "", "", {}, ""}).header("www-authenticate"),
              Optional(testing::Not(HasSubstr("Basic"))));
  EXPECT_TRUE(problemResponse({503, "", "", {}, ""}).header("retry-after"));
  EXPECT_TRUE(problemResponse({429, "", "", {}, ""}).header("retry-after"));
  EXPECT_FALSE(problemResponse({404, "", "", {}, ""}).header("retry-after"));
}

Response answerTo(const std::function<void()>& thrower, std::string* logged = nullptr) {
  try {
    thrower();
  } catch (...) {
    return problemFromException("id-1", [&](std::string_view, std::string_view text) {
      if (logged != nullptr) *logged = text;
    });
  }
  return Response();
}

TEST(Problem, everyErrorHasItsStatus) {
  EXPECT_EQ(answerTo([] { throw Invalid("x"); }).status(), 400);
  EXPECT_EQ(answerTo([] { throw Denied("x"); }).status(), 403);
  EXPECT_EQ(answerTo([] { throw NotFound("x"); }).status(), 404);
  EXPECT_EQ(answerTo([] { throw Conflict("x"); }).status(), 409);
  EXPECT_EQ(answerTo([] { throw WrongState("x"); }).status(), 409);
  EXPECT_EQ(answerTo([] { throw OutOfRange("x"); }).status(), 416);
  EXPECT_EQ(answerTo([] { throw Unsupported("x"); }).status(), 501);
  EXPECT_EQ(answerTo([] { throw Unavailable("x"); }).status(), 503);
  EXPECT_EQ(answerTo([] { throw Retry("x"); }).status(), 503);
  EXPECT_EQ(answerTo([] { throw DeadlineExceeded("x"); }).status(), 504);
  EXPECT_EQ(answerTo([] { throw Exhausted("x"); }).status(), 507);
  EXPECT_EQ(answerTo([] { throw Internal("x"); }).status(), 500);
}

TEST(Problem, theReasonOfA500IsForTheLogOnly) {
  std::string logged;
  for (const auto& thrower : std::vector<std::function<void()>>{[] { throw std::runtime_error("/secret/path"); },
                                                                [] { throw Internal("/secret/path"); }}) {
    logged.clear();
    Response response = answerTo(thrower, &logged);
    EXPECT_EQ(response.status(), 500);
    EXPECT_THAT(std::string(response.body()), testing::Not(HasSubstr("secret")));
    EXPECT_THAT(std::string(response.body()), HasSubstr("id-1"));
    EXPECT_EQ(logged, "/secret/path");
  }
  EXPECT_EQ(answerTo([] { throw 7; }, &logged).status(), 500);
}

TEST(Problem, anErrorWithAPointerNamesThePlace) {
  Response response = answerTo([] { throw Invalid("no such scenario", "/scenarios/2"); });
  EXPECT_THAT(std::string(response.body()),
              HasSubstr("\"errors\":[{\"pointer\":\"/scenarios/2\",\"message\":\"no such scenario\"}]"));
}

}  // namespace
}  // namespace testarena::http::test
