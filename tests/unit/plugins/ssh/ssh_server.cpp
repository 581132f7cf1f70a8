// SPDX-License-Identifier: Apache-2.0
#include "ssh_server.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "program.h"

namespace testarena::test {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSshd = "/usr/sbin/sshd";
constexpr auto kPatience = std::chrono::seconds(30);
constexpr uid_t kNobody = 65534;

int freePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  ::close(socket);
  return ntohs(address.sin_port);
}

bool answers(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  char banner[4] = {};
  const bool good = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                    ::recv(socket, banner, sizeof banner, MSG_WAITALL) == 4 && std::string(banner, 4) == "SSH-";
  ::close(socket);
  return good;
}

/// Newer ones shut out who fails too often, unless told otherwise; older ones do not know the word.
bool takes(const std::string& configuration, const std::string& option) {
  process::Program program;
  program.argv = {kSshd, "-t", "-f", configuration, "-o", option};
  return process::run(program, Call(std::chrono::seconds(30))).succeeded();
}

/// The machine's accounts, but for one that gets a plain shell and another home.
std::string accountsWith(const std::string& user, const std::string& home) {
  std::istringstream accounts(readFile("/etc/passwd"));
  std::string result;
  for (std::string line; std::getline(accounts, line);) {
    if (line.compare(0, user.size() + 1, user + ":") != 0) result += line + "\n";
  }
  const struct passwd* entry = ::getpwnam(user.c_str());
  return result + user + ":x:" + std::to_string(entry->pw_uid) + ":" + std::to_string(entry->pw_gid) + "::" + home +
         ":/bin/sh\n";
}

std::vector<pid_t> childrenOf(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = readFile(entry.path() / "stat");
    const std::size_t close = stat.rfind(')');
    if (close == std::string::npos || close + 4 > stat.size()) continue;
    if (std::stol(stat.substr(close + 4)) == parent) children.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return children;
}

/// Only sshd's own: what a command of a session has started is not ended with it.
bool isSshd(pid_t process) {
  return readFile("/proc/" + std::to_string(process) + "/comm").compare(0, 4, "sshd") == 0;
}

void killSshdBelow(pid_t parent) {
  for (const pid_t child : childrenOf(parent)) {
    if (!isSshd(child)) continue;
    killSshdBelow(child);
    ::kill(child, SIGKILL);
  }
}

}  // namespace

std::string runProgram(const std::vector<std::string>& argv) {
  process::Program program;
  program.argv = argv;
  program.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
  const process::Finished finished = process::run(program, Call(std::chrono::seconds(60)));
  if (!finished.succeeded()) throw std::runtime_error(argv[0] + ": " + finished.reason + ": " + finished.error_output);
  std::string text = finished.output;
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

SshServer::SshServer() : SshServer(Options{}) {}

SshServer::SshServer(const Options& options) : isNobody_(options.unprivileged && ::geteuid() == 0) {
  user_ = ::getpwuid(isNobody_ ? kNobody : ::geteuid())->pw_name;
  ::chmod(folder_.path().c_str(), 0755);
  fs::create_directory(home());
  giveAway(home());
  makeKey("id", "ed25519");
  writeFile(folder_ / "authorized_keys", readFile(folder_ / "id.pub"));
  makeKey("host_key", "ed25519");
  giveAway(folder_ / "host_key");
  writeFile(folder_ / "log", "");
  giveAway(folder_ / "log");
  std::string lines;
  for (const std::string& line : options.configuration) lines += line + "\n";
  if (::geteuid() == 0) fs::create_directories("/run/sshd");  // which its service makes at boot
  writeFile(folder_ / "sshd_config", "ListenAddress 127.0.0.1\nHostKey " + (folder_ / "host_key").string() +
                                         "\nAuthorizedKeysFile " + (folder_ / "authorized_keys").string() +
                                         "\nPidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
                                         "KbdInteractiveAuthentication no\nPermitRootLogin yes\nLogLevel VERBOSE\n"
                                         "MaxStartups 100\n" +
                                         lines);
  const std::string file = (folder_ / "sshd_config").string();
  if (takes(file, "PerSourcePenalties no")) writeFile(file, readFile(file) + "PerSourcePenalties no\n");
  // What the account's own shell is and does when it starts is not part of the test, and nobody has none at all.
  writeFile(folder_ / "passwd", accountsWith(user_, home().string()));
  start();
}

SshServer::~SshServer() {
  stop();
}

void SshServer::giveAway(const fs::path& path) const {
  if (isNobody_ && ::chown(path.c_str(), kNobody, kNobody) != 0) throw std::runtime_error("chown " + path.string());
}

void SshServer::makeKey(const std::string& name, const std::string& type) const {
  const std::string file = (folder_ / name).string();
  fs::remove(file);
  runProgram({"ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", file});
}

void SshServer::changeHostKey(const std::string& type) {
  makeKey("host_key", type);
  giveAway(folder_ / "host_key");
}

std::string SshServer::fingerprint() const {
  const std::string line = runProgram({"ssh-keygen", "-lf", (folder_ / "host_key.pub").string()});
  const std::size_t begin = line.find(' ') + 1;
  return line.substr(begin, line.find(' ', begin) - begin);
}

void SshServer::know(int port) const {
  const std::string key = readFile(folder_ / "host_key.pub");
  std::string lines;
  for (const int known : {port_, port}) lines += "[127.0.0.1]:" + std::to_string(known) + " " + key;
  writeFile(knownHosts(), lines);
}

std::string SshServer::toml(int port) const {
  return "host = \"127.0.0.1\"\nport = " + std::to_string(port) + "\nuser = \"" + user_ + "\"\nkey_file = \"" +
         key().string() + "\"\nknown_hosts_file = \"" + knownHosts().string() + "\"\n";
}

void SshServer::start() {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  const bool isFirst = port_ == 0;
  while (daemon_ < 0) {
    if (isFirst) port_ = freePort();
    std::vector<std::string> words;
    if (isNobody_) words = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    words.insert(words.end(), {"/usr/bin/env", "LD_PRELOAD=libnss_wrapper.so",
                               "NSS_WRAPPER_PASSWD=" + (folder_ / "passwd").string(), "NSS_WRAPPER_GROUP=/etc/group"});
    words.insert(words.end(),
                 {kSshd, "-D", "-e", "-f", (folder_ / "sshd_config").string(), "-p", std::to_string(port_)});
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 2, (folder_ / "log").c_str(), O_WRONLY | O_APPEND, 0);
    // As at a real start: what the test's own start ignores is not handed on.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t all;
    sigfillset(&all);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t process = -1;
    const int error = ::posix_spawn(&process, argv[0], &actions, &attributes, argv.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start sshd: is openssh-server installed?");
    while (daemon_ < 0) {
      if (::waitpid(process, nullptr, WNOHANG) == process) break;  // somebody else has taken the port meanwhile
      if (answers(port_)) daemon_ = process;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (daemon_ < 0 && std::chrono::steady_clock::now() > end)
      throw std::runtime_error("sshd does not start:\n" + log());
  }
  if (isFirst) know(port_);
}

void SshServer::endSessions() const {
  if (daemon_ > 0) killSshdBelow(daemon_);
}

void SshServer::stop() {
  if (daemon_ < 0) return;
  ::kill(daemon_, SIGSTOP);  // no further session meanwhile
  endSessions();
  ::kill(daemon_, SIGKILL);
  ::waitpid(daemon_, nullptr, 0);
  daemon_ = -1;
}

std::string SshServer::log() const {
  return readFile(folder_ / "log");
}

}  // namespace testarena::test
