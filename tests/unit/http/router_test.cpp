// SPDX-License-Identifier: Apache-2.0
#include "router.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include <testarena/error.h>

#include "request.h"

namespace testarena::http::test {
namespace {

using Outcome = Router::Outcome;

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.add("GET", "/", 0);
    router_.add("GET", "/jobs", 1);
    router_.add("POST", "/jobs", 2);
    router_.add("GET", "/jobs/{id}", 3);
    router_.add("DELETE", "/jobs/{id}", 4);
    router_.add("GET", "/jobs/import", 5);
    router_.add("GET", "/jobs/{id}/runs/{scenario}/{attempt}/log", 6);
    router_.add("GET", "/jobs/{id}/log", 7);
  }
  Router::Match match(const std::string& method, const std::string& path) const {
    return router_.match(method, requestFromText("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").segments());
  }
  Router router_;
};

TEST_F(RouterTest, findsRowsByMethodAndPath) {
  EXPECT_EQ(match("GET", "/").index, 0U);
  EXPECT_EQ(match("GET", "/jobs").index, 1U);
  EXPECT_EQ(match("POST", "/jobs").index, 2U);
  EXPECT_EQ(match("HEAD", "/jobs").index, 1U);
  EXPECT_EQ(match("HEAD", "/jobs").outcome, Outcome::found);
}

TEST_F(RouterTest, givesDecodedParameters) {
  Router::Match found = match("GET", "/jobs/7/runs/suite%2Fboot%20%C3%A9/2/log");
  ASSERT_EQ(found.outcome, Outcome::found);
  EXPECT_EQ(found.index, 6U);
  EXPECT_EQ(found.parameters.at("id"), "7");
  EXPECT_EQ(found.parameters.at("scenario"), "suite/boot \xc3\xa9");
  EXPECT_EQ(found.parameters.at("attempt"), "2");
  EXPECT_THROW(found.parameters.at("other"), std::out_of_range);
}

TEST_F(RouterTest, literalSegmentsWin) {
  EXPECT_EQ(match("GET", "/jobs/import").index, 5U);
  EXPECT_EQ(match("GET", "/jobs/imports").index, 3U);
}

TEST_F(RouterTest, saysWhatIsAllowed) {
  Router::Match found = match("PUT", "/jobs/7");
  EXPECT_EQ(found.outcome, Outcome::method_not_allowed);
  EXPECT_EQ(found.allow, "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(match("HEAD", "/jobs/7/log").outcome, Outcome::found);
  found = match("OPTIONS", "/jobs");
  EXPECT_EQ(found.outcome, Outcome::options);
  EXPECT_EQ(found.allow, "GET, HEAD, POST, OPTIONS");
}

TEST_F(RouterTest, comparesPathsExactly) {
  for (const char* path : {"/jobs/", "/Jobs", "//jobs", "/jobs/7/", "/jobs//log", "/jobs/7/logs", "/job",
                           "/jobs/7/log/x", "/a/b/c/d/e/f/g/h/i"})
    EXPECT_EQ(match("GET", path).outcome, Outcome::not_found) << path;
}

TEST_F(RouterTest, refusesTablesThatSayTwoThings) {
  EXPECT_THROW(router_.add("GET", "/jobs", 9), Invalid);
  EXPECT_THROW(router_.add("PUT", "/jobs/{number}", 9), Invalid);
  EXPECT_THROW(router_.add("GET", "jobs", 9), Invalid);
  EXPECT_THROW(router_.add("GET", "", 9), Invalid);
  EXPECT_THROW(router_.add("GET", "/jobs/x{id}", 9), Invalid);
  EXPECT_THROW(router_.add("GET", "/jobs/{}", 9), Invalid);
  EXPECT_THROW(router_.add("GET", "/jobs%20", 9), Invalid);
}

}  // namespace
}  // namespace testarena::http::test
