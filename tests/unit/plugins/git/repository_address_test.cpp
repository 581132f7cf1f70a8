// SPDX-License-Identifier: Apache-2.0
#include "repository_address.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::git {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& text) {
  try {
    return "accepted as " + parseRepositoryAddress(text).protocol;
  } catch (const Invalid& error) {
    EXPECT_EQ(error.pointer(), "/repository");
    return error.what();
  }
}

TEST(RepositoryAddress, knowsPathsAndProtocols) {
  EXPECT_TRUE(parseRepositoryAddress("/srv/git/x.git").isPath());
  EXPECT_TRUE(parseRepositoryAddress("/srv/a:b/x y").isPath());
  EXPECT_EQ(parseRepositoryAddress("https://example.org/x.git").protocol, "https");
  EXPECT_EQ(parseRepositoryAddress("https://anna@example.org:8443/x.git").protocol, "https");
  EXPECT_EQ(parseRepositoryAddress("ssh://git@example.org:2222/x.git").protocol, "ssh");
  EXPECT_EQ(parseRepositoryAddress("git@example.org:team/x.git").protocol, "ssh");
  EXPECT_EQ(parseRepositoryAddress("example.org:x.git").protocol, "ssh");
  EXPECT_EQ(parseRepositoryAddress("file:///srv/git/x.git").protocol, "file");
}

TEST(RepositoryAddress, refusesTheRestWithTheReason) {
  EXPECT_THAT(refusal(""), HasSubstr("not set"));
  EXPECT_THAT(refusal("srv/git"), HasSubstr("absolute path"));
  EXPECT_THAT(refusal("../x"), HasSubstr("absolute path"));
  EXPECT_THAT(refusal("http://example.org/x"), HasSubstr("use https or ssh"));
  EXPECT_THAT(refusal("git://example.org/x"), HasSubstr("use https or ssh"));
  EXPECT_THAT(refusal("ftp://example.org/x"), HasSubstr("https://"));
  EXPECT_THAT(refusal("file://host/x"), HasSubstr("file:///"));
  EXPECT_THAT(refusal("https://anna:secret@example.org/x"), HasSubstr("credentials_file"));
  EXPECT_THAT(refusal("https://anna:secret@example.org/x"), Not(HasSubstr("secret@")));
  EXPECT_THAT(refusal("https:///x"), HasSubstr("no host"));
  EXPECT_THAT(refusal("/srv/a\nb"), HasSubstr("control character"));
}

TEST(RepositoryAddress, refusesWhatWouldRunACommand) {
  for (const char* text : {"ext::sh -c 'touch CANARY'", "ext::sh", "-oProxyCommand=touch:x", "ssh://-oProxyCommand=x/y",
                           "--upload-pack=x", "git@-oProxyCommand=x:y", "fd::17"}) {
    EXPECT_THAT(refusal(text), Not(HasSubstr("accepted"))) << text;
  }
}

TEST(RepositoryAddress, namesMirrorsApart) {
  std::set<std::string> names;
  for (const char* text : {"https://a.org/x.git", "https://b.org/x.git", "https://a.org/x.git/", "git@a.org:x.git",
                           "git@a.org:..", "https://a.org/%2e%2e", "https://a.org/-x"}) {
    const std::string name = mirrorName(parseRepositoryAddress(text));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"), name.npos);
    EXPECT_THAT(name.substr(0, 1), testing::Not(testing::AnyOf(".", "-")));
  }
  EXPECT_THAT(*names.begin(), HasSubstr("-"));
}

}  // namespace
}  // namespace testarena::git
