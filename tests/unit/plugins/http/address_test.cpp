// SPDX-License-Identifier: Apache-2.0
#include "address.h"

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::http {
namespace {

TEST(Address, hasSchemeHostPortAndTarget) {
  const Address plain = parseAddress("http://lab:8080/api/queue?x=1");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "lab");
  EXPECT_EQ(plain.port, 8080);
  EXPECT_EQ(plain.target, "/api/queue?x=1");
  EXPECT_EQ(plain.server(), "http://lab:8080");

  const Address secure = parseAddress("https://lab");
  EXPECT_TRUE(secure.tls);
  EXPECT_EQ(secure.port, 443);
  EXPECT_EQ(secure.target, "");
  EXPECT_EQ(secure.hostField(), "lab");

  const Address six = parseAddress("http://[::1]:81/");
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.hostField(), "[::1]:81");
  EXPECT_TRUE(six.sameServer(parseAddress("http://[::1]:81/elsewhere")));
}

TEST(Address, thatIsNoneIsRefusedInWords) {
  for (const char* url : {"", "lab", "lab:8080", "ftp://lab/", "http://", "http:///x", "http://a b/", "http://u:p@lab/",
                          "http://lab/#x", "http://lab:99999/", "http://lab:x/", "http://lab/\r\nX: y", "http://lab/é",
                          "file:///etc/passwd", "http://lab/%zz\n"}) {
    try {
      parseAddress(url);
      ADD_FAILURE() << url;
    } catch (const Invalid& error) {
      EXPECT_NE(std::string(error.what()).find("http://host:8080/path"), std::string::npos) << error.what();
    }
  }
}

TEST(Address, textsArePercentEncodedOctetByOctet) {
  EXPECT_EQ(percentEncoded("a-Z_0.~"), "a-Z_0.~");
  EXPECT_EQ(percentEncoded("checks/boot.xml"), "checks%2Fboot.xml");
  EXPECT_EQ(percentEncoded("checks/boot.xml", "/"), "checks/boot.xml");
  EXPECT_EQ(percentEncoded("a b?&#%\r\n\xc3\xa9"), "a%20b%3F%26%23%25%0D%0A%C3%A9");
  EXPECT_EQ(percentEncoded(std::string_view("\0", 1)), "%00");
}

}  // namespace
}  // namespace testarena::http
