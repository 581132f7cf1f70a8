// SPDX-License-Identifier: Apache-2.0
#include "request.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "ip_address.h"
#include "percent.h"
#include "request_id.h"

namespace testarena::http::test {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::Pair;

Request get(const std::string& target, const std::string& fields = {}) {
  return requestFromText("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
}

TEST(Request, segmentsAreDecodedOneByOneAndOnce) {
  EXPECT_THAT(get("/").segments(), ElementsAre(""));
  EXPECT_THAT(get("/a/b%2Fc/%C3%A9/").segments(), ElementsAre("a", "b/c", "\xc3\xa9", ""));
  EXPECT_THAT(get("/%252F+x").segments(), ElementsAre("%2F+x"));
  EXPECT_EQ(get("/a%20b?x").rawPath(), "/a%20b");
}

TEST(Request, pathsThatLeadElsewhereOrToNowhereAreRefused) {
  for (const char* path : {"/../etc/passwd", "/a/..",   "/a/./b",
                           "/%2e%2e/x",      "/%2e",    "/.%2E/",
                           "/%00",           "/a%0Ab",  "/a%0D%0ASet-Cookie:x",
                           "/%7f",           "/%ff",    "/%c0%af",
                           "/%ed%a0%80",     "/%",      "/%1",
                           "/%zz",           "/%u0041", "/a?b=%",
                           "/?%ff",          "/?a=%00"})
    EXPECT_THROW(get(path), Invalid) << path;
}

TEST(Request, theQueryIsDecodedAsBrowsersEncodeIt) {
  Request request = get("/x?q=a+b%2Bc&empty=&flag&q=2&%C3%A9=1&&a=b=c");
  EXPECT_THAT(request.query(), ElementsAre(Pair("q", "a b+c"), Pair("empty", ""), Pair("flag", ""), Pair("q", "2"),
                                           Pair("\xc3\xa9", "1"), Pair("a", "b=c")));
  EXPECT_THAT(request.query("q"), Optional(std::string_view("a b+c")));
  EXPECT_THAT(request.query("flag"), Optional(std::string_view("")));
  EXPECT_EQ(request.query("missing"), std::nullopt);
}

TEST(Request, aHeaderIsTheBytesThatWereSent) {
  Request request = get("/", "X-A:  =?UTF-8?B?c2lkPWV2aWw=?=\t\r\nx-a: two\r\nX-B: caf\xe9\r\n");
  EXPECT_THAT(request.header("X-a"), Optional(std::string_view("=?UTF-8?B?c2lkPWV2aWw=?=")));
  EXPECT_THAT(request.headers("x-A"), ElementsAre("=?UTF-8?B?c2lkPWV2aWw=?=", "two"));
  EXPECT_THAT(request.header("x-b"), Optional(std::string_view("caf\xe9")));
  EXPECT_EQ(request.header("x-c"), std::nullopt);
}

TEST(Request, cookiesAreFoundUnlessSomebodyPlantedASecondOne) {
  Request request = get("/", "Cookie: a=1; sid=x=y;b=\"q\"; twice=1; twice=2; sidx=no\r\n");
  EXPECT_THAT(request.cookie("sid"), Optional(std::string_view("x=y")));
  EXPECT_THAT(request.cookie("b"), Optional(std::string_view("\"q\"")));
  EXPECT_EQ(request.cookie("twice"), std::nullopt);
  EXPECT_EQ(request.cookie("missing"), std::nullopt);
  EXPECT_EQ(get("/").cookie("sid"), std::nullopt);
}

TEST(Request, theContentTypeComesWithoutParametersAndCase) {
  EXPECT_EQ(get("/", "Content-Type: Application/JSON ; charset=utf-8\r\n").contentType(), "application/json");
  EXPECT_EQ(get("/").contentType(), "");
}

TEST(Request, anAbsoluteTargetIsItsPath) {
  Request request = requestFromText("GET http://localhost:80/a?b HTTP/1.1\r\nHost: localhost:80\r\n\r\n");
  EXPECT_EQ(request.target(), "/a?b");
  EXPECT_EQ(request.host(), "localhost:80");
}

TEST(Request, whatFollowsTheHeadIsTheBody) {
  EXPECT_EQ(requestFromText("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").body(), "abc");
}

TEST(Percent, whatIsEncodedDecodesToTheSame) {
  std::string all;
  for (int c = 0x20; c < 0x7F; ++c) all += static_cast<char>(c);
  all += "\xc3\xa9\xf0\x9f\x98\x80";
  EXPECT_THAT(percentDecoded(percentEncoded(all), Plus::is_plus), Optional(all));
  EXPECT_THAT(percentDecoded(percentEncoded(all), Plus::is_space), Optional(all));
  EXPECT_EQ(percentEncoded("a/b c%"), "a%2Fb%20c%25");
}

TEST(RequestId, onlyHarmlessNamesAreTakenOver) {
  EXPECT_TRUE(isRequestId("a"));
  EXPECT_TRUE(isRequestId(std::string(64, 'x')));
  for (const std::string& text : {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\r\nb"),
                                  std::string("<a>"), std::string("a\0b", 3)})
    EXPECT_FALSE(isRequestId(text)) << text;
  EXPECT_TRUE(isRequestId(newRequestId()));
  EXPECT_NE(newRequestId(), newRequestId());
}

IpAddress address(const char* text) {
  return IpAddress::parse(text).value();
}

TEST(TrustedProxies, networksContainTheirAddresses) {
  TrustedProxies proxies({"10.0.0.0/8", "192.0.2.7", "fd00::/9", "2001:db8::1", "172.16.0.0/12"});
  for (const char* text : {"10.1.2.3", "192.0.2.7", "fd7f::1", "2001:db8::1", "172.31.255.255", "::ffff:10.0.0.1"})
    EXPECT_TRUE(proxies.contains(address(text))) << text;
  for (const char* text : {"11.0.0.0", "192.0.2.8", "fd80::1", "2001:db8::2", "172.32.0.0", "::1"})
    EXPECT_FALSE(proxies.contains(address(text))) << text;
  EXPECT_TRUE(TrustedProxies({"0.0.0.0/0"}).contains(address("8.8.8.8")));
  EXPECT_FALSE(TrustedProxies({"0.0.0.0/0"}).contains(address("2001:db8::1")));
}

TEST(TrustedProxies, aMistakeIsNamed) {
  for (const char* text :
       {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0/8", "1.2.3.4/8x"}) {
    try {
      TrustedProxies proxies({text});
      FAIL() << text;
    } catch (const Invalid& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("'" + std::string(text) + "'"));
    }
  }
}

TEST(TrustedProxies, theClientIsTheLastAddressThatNoProxyWrote) {
  TrustedProxies proxies({"10.0.0.0/8"});
  auto client = [&](const char* peer, const char* forwarded) {
    return proxies.client(address(peer), forwarded).text();
  };
  EXPECT_EQ(client("10.0.0.1", "198.51.100.1, 192.0.2.7, 10.0.0.2"), "192.0.2.7");
  EXPECT_EQ(client("10.0.0.1", "192.0.2.7:4711"), "192.0.2.7");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8::1]:4711"), "2001:db8::1");
  EXPECT_EQ(client("10.0.0.1", "10.0.0.3"), "10.0.0.3");
  EXPECT_EQ(client("10.0.0.1", "192.0.2.7, unknown"), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(client("192.0.2.1", "198.51.100.1"), "192.0.2.1");
}

}  // namespace
}  // namespace testarena::http::test
