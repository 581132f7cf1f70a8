// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "connection_laboratory.h"

namespace testarena::ssh {
namespace {

using testing::HasSubstr;

/// A real ssh-agent.
class Agent {
 public:
  explicit Agent(const std::filesystem::path& socket) : socket_(socket.string()) {
    const char* argv[] = {"ssh-agent", "-D", "-a", socket_.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    if (::posix_spawnp(&process_, argv[0], &actions, nullptr, const_cast<char**>(argv), environ) != 0) {
      throw std::runtime_error("cannot start ssh-agent: is openssh-client installed?");
    }
    ::posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < 500 && !std::filesystem::exists(socket_); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  ~Agent() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  void add(const std::filesystem::path& key) const {
    test::runProgram({"env", "SSH_AUTH_SOCK=" + socket_, "ssh-add", "-q", key.string()});
  }
  void freeze() const { ::kill(process_, SIGSTOP); }
  void thaw() const { ::kill(process_, SIGCONT); }
  const std::string& socket() const { return socket_; }

 private:
  const std::string socket_;
  pid_t process_ = -1;
};

class Authentication : public testing::Test {
 protected:
  /// A key that the server does not know.
  std::filesystem::path stranger(const std::string& passphrase = "") const {
    const std::filesystem::path file = server_.folder() / "stranger";
    std::filesystem::remove(file);
    test::runProgram({"ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", file.string()});
    return file;
  }

  test::SshServer server_;
};

TEST_F(Authentication, aKeyThatIsNotAcceptedIsNamed) {
  ConnectionSettings settings = settingsFor(server_);
  settings.key_file = stranger();
  EXPECT_THAT(refusalOf(settings), HasSubstr("refuses the key " + settings.key_file));
}

TEST_F(Authentication, anEncryptedKeyNeedsItsPassphraseAndNobodyIsAskedForIt) {
  ConnectionSettings settings = settingsFor(server_);
  for (const std::string format : {"", "PEM"}) {  // PEM is where the library would ask at the terminal
    const std::filesystem::path key = server_.folder() / "encrypted";
    std::filesystem::remove(key);
    std::vector<std::string> make = {"ssh-keygen", "-q", "-t", "rsa", "-N", "open sesame", "-f", key.string()};
    if (!format.empty()) make.insert(make.end(), {"-m", format});
    test::runProgram(make);
    test::writeFile(server_.folder() / "authorized_keys", test::readFile(key.string() + ".pub"));
    settings.key_file = key;
    settings.key_passphrase.clear();
    EXPECT_THAT(refusalOf(settings), HasSubstr("encrypted"));
    settings.key_passphrase = "open barley";
    const std::string said = refusalOf(settings);
    EXPECT_THAT(said, HasSubstr("key_passphrase is wrong"));
    EXPECT_EQ(said.find("barley"), std::string::npos) << "a secret is never shown";
    settings.key_passphrase = "open sesame";
    EXPECT_TRUE(Laboratory(settings).run("true").succeeded()) << format;
  }
}

TEST_F(Authentication, aKeyFileThatIsNoneIsNamed) {
  ConnectionSettings settings = settingsFor(server_);
  settings.key_file = server_.folder() / "missing";
  EXPECT_THAT(refusalOf(settings), HasSubstr(settings.key_file + " cannot be read"));
  settings.key_file = server_.knownHosts();
  EXPECT_THAT(refusalOf(settings), HasSubstr(settings.key_file + " is no private key"));
}

TEST_F(Authentication, anAgentHasTheKey) {
  Agent agent(server_.folder() / "agent");
  ConnectionSettings settings = settingsFor(server_);
  settings.key_file.clear();
  settings.agent_socket = agent.socket();
  EXPECT_THAT(refusalOf(settings), HasSubstr("every key of the agent at " + agent.socket())) << "it has none";
  agent.add(server_.key());
  EXPECT_TRUE(Laboratory(settings).run("true").succeeded());
  settings.key_file = stranger();
  EXPECT_TRUE(Laboratory(settings).run("true").succeeded()) << "asked where the key file was refused";
  settings.agent_socket += "x";
  settings.key_file.clear();
  EXPECT_THAT(refusalOf(settings), HasSubstr(settings.agent_socket));
}

// The library waits for an agent without any limit.
TEST_F(Authentication, anAgentThatIsSilentHoldsNobodyUp) {
  using namespace std::chrono_literals;
  Agent agent(server_.folder() / "agent");
  agent.add(server_.key());
  ConnectionSettings settings = settingsFor(server_);
  settings.key_file.clear();
  settings.agent_socket = agent.socket();
  settings.connect_timeout = 1s;
  agent.freeze();
  const auto begin = Clock::now();
  EXPECT_FALSE(refusalOf(settings).empty());
  EXPECT_LT(Clock::now() - begin, 10s) << "and the connection could be ended as well";
  agent.thaw();
}

TEST_F(Authentication, aServerThatWantsAPasswordIsNotGivenOne) {
  test::SshServer server({false, {"PubkeyAuthentication no", "PasswordAuthentication yes"}});
  EXPECT_THAT(refusalOf(settingsFor(server)), HasSubstr("takes no public keys"));
}

}  // namespace
}  // namespace testarena::ssh
