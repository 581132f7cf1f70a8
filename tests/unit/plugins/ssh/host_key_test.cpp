// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gmock/gmock.h>

#include "connection_laboratory.h"

namespace testarena::ssh {
namespace {

using testing::HasSubstr;

class HostKey : public testing::Test {
 protected:
  void knownHosts(const std::string& text) const { test::writeFile(server_.knownHosts(), text); }
  std::string line() const {
    return "[127.0.0.1]:" + std::to_string(server_.port()) + " " + test::readFile(server_.folder() / "host_key.pub");
  }
  /// Another key of this type, as a line for the server.
  std::string otherLine(const std::string& type) const {
    const std::string file = (server_.folder() / ("other_" + type)).string();
    std::filesystem::remove(file);
    test::runProgram({"ssh-keygen", "-q", "-t", type, "-N", "", "-f", file});
    return "[127.0.0.1]:" + std::to_string(server_.port()) + " " + test::readFile(file + ".pub");
  }
  bool isLetIn() const { return Laboratory(settingsFor(server_)).run("true").succeeded(); }

  test::SshServer server_;
};

TEST_F(HostKey, aKnownKeyIsLetInHoweverItsLineIsWritten) {
  EXPECT_TRUE(isLetIn());
  const std::string key = test::readFile(server_.folder() / "host_key.pub");
  const std::string port = std::to_string(server_.port());
  knownHosts("# a comment\n\nother.example ssh-ed25519 AAAA\n" + line());
  EXPECT_TRUE(isLetIn());
  knownHosts("lab-1,[127.0.0.*]:" + port + "\t" + key);
  EXPECT_TRUE(isLetIn());
  knownHosts(line());
  test::runProgram({"ssh-keygen", "-q", "-H", "-f", server_.knownHosts().string()});
  ASSERT_THAT(test::readFile(server_.knownHosts()), testing::StartsWith("|1|"));
  EXPECT_TRUE(isLetIn()) << "a hashed entry";
  knownHosts(otherLine("ed25519") + line());
  EXPECT_TRUE(isLetIn()) << "one of several keys";
}

TEST_F(HostKey, anUnknownKeyIsRefusedWithWhatToWriteWhere) {
  for (const std::string text : {"", "# nothing\n", "lab-9 ssh-ed25519 AAAA\n", "garbage\n"}) {
    knownHosts(text);
    const std::string said = refusalOf(settingsFor(server_));
    EXPECT_THAT(said, HasSubstr("is not known"));
    EXPECT_THAT(said, HasSubstr(server_.fingerprint()));
    EXPECT_THAT(said, HasSubstr(server_.knownHosts().string()));
    const std::string wanted = said.substr(said.rfind(": ") + 2);
    EXPECT_EQ(test::readFile(server_.knownHosts()), text) << "nothing is learned";
    knownHosts(wanted + "\n");
    EXPECT_TRUE(isLetIn()) << "the line that was offered is right: " << wanted;
  }
}

TEST_F(HostKey, aChangedKeyIsRefusedWithBothFingerprintsAndTheLine) {
  const std::string before = server_.fingerprint();
  knownHosts("# first line\n" + line());
  server_.stop();
  server_.changeHostKey();
  server_.start();
  const std::string said = refusalOf(settingsFor(server_));
  EXPECT_THAT(said, HasSubstr("has CHANGED"));
  EXPECT_THAT(said, HasSubstr(before));
  EXPECT_THAT(said, HasSubstr(server_.fingerprint()));
  EXPECT_THAT(said, HasSubstr(server_.knownHosts().string() + ", line 2"));
  knownHosts(said.substr(said.rfind(": ") + 2) + "\n");
  EXPECT_TRUE(isLetIn());
}

TEST_F(HostKey, aKeyOfAnotherTypeIsAChangedKey) {
  for (const std::string type : {"rsa", "ecdsa"}) {
    knownHosts(otherLine(type));
    const std::string said = refusalOf(settingsFor(server_));
    EXPECT_THAT(said, HasSubstr("has CHANGED")) << type;
    EXPECT_THAT(said, HasSubstr(server_.fingerprint()));
  }
}

TEST_F(HostKey, everyTypeOfKeyCanBePinned) {
  for (const std::string type : {"rsa", "ecdsa"}) {
    server_.stop();
    server_.changeHostKey(type);
    server_.start();
    server_.know(server_.port());
    EXPECT_TRUE(isLetIn()) << type;
    knownHosts("");
    const std::string said = refusalOf(settingsFor(server_));
    knownHosts(said.substr(said.rfind(": ") + 2) + "\n");
    EXPECT_TRUE(isLetIn()) << type << ": " << said;
  }
}

TEST_F(HostKey, aRevokedKeyIsRefused) {
  knownHosts(line() + "@revoked " + line());
  EXPECT_THAT(refusalOf(settingsFor(server_)),
              HasSubstr("is revoked in " + server_.knownHosts().string() + ", line 2"));
  knownHosts("@cert-authority " + line());
  EXPECT_THAT(refusalOf(settingsFor(server_)), HasSubstr("is not known"));
}

TEST_F(HostKey, aFingerprintPinsAsWell) {
  ConnectionSettings settings = settingsFor(server_);
  settings.known_hosts_file.clear();
  settings.host_key = server_.fingerprint();
  EXPECT_TRUE(Laboratory(settings).run("true").succeeded());
  settings.host_key = "SHA256:" + std::string(43, 'A');
  const std::string said = refusalOf(settings);
  EXPECT_THAT(said, HasSubstr(settings.host_key));
  EXPECT_THAT(said, HasSubstr(server_.fingerprint()));
}

TEST_F(HostKey, aFileThatIsNotThereIsNamed) {
  std::filesystem::remove(server_.knownHosts());
  EXPECT_THAT(refusalOf(settingsFor(server_)), HasSubstr(server_.knownHosts().string() + " cannot be read"));
}

// Both would run a program of somebody else's choice.
TEST_F(HostKey, theAccountsOwnConfigurationHasNoSay) {
  const std::filesystem::path home = server_.folder() / "other_home";
  const std::filesystem::path canary = server_.folder() / "canary";
  test::writeFile(home / ".ssh/config", "Host *\n  ProxyCommand touch " + canary.string() + "\n  Port 1\n");
  test::writeFile(home / ".ssh/known_hosts", line());
  const std::string before = getenv("HOME") == nullptr ? "" : getenv("HOME");
  setenv("HOME", home.c_str(), 1);
  EXPECT_TRUE(isLetIn());
  knownHosts("");
  EXPECT_THAT(refusalOf(settingsFor(server_)), HasSubstr("is not known")) << "only the file that was named counts";
  setenv("HOME", before.c_str(), 1);
  EXPECT_FALSE(std::filesystem::exists(canary));
}

}  // namespace
}  // namespace testarena::ssh
