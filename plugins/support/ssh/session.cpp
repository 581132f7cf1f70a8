// SPDX-License-Identifier: Apache-2.0
#include "session.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "host_key.h"
#include "watchdog.h"

namespace testarena::ssh {
namespace {

constexpr std::chrono::milliseconds kStep{50};

void set(ssh_session session, ssh_options_e option, const void* value) {
  if (ssh_options_set(session, option, value) == 0) return;
  throw Unavailable(std::string("the SSH library refuses a setting: ") + ssh_get_error(session));
}

/// Without one the library asks at the terminal.
int noPassphrase(const char*, char*, size_t, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

short wantedEvents(ssh_session session) {
  const int flags = ssh_get_poll_flags(session);
  return static_cast<short>(POLLIN | ((flags & SSH_WRITE_PENDING) != 0 ? POLLOUT : 0));
}

}  // namespace

Session::Session(const ConnectionSettings& settings, const GiveUp& giveUp)
    : settings_(settings),
      giveUp_(giveUp),
      socket_(connectTcp(settings.host, settings.port, giveUp)),
      session_(ssh_new()) {
  if (!session_) throw Unavailable("no memory for an SSH connection");
  ssh_session session = session_.get();
  // First: with the next one files of the account would be read, in which programs may stand.
  const bool no = false;
  set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  set(session, SSH_OPTIONS_HOST, settings.host.c_str());
  const auto port = static_cast<unsigned int>(settings.port);
  set(session, SSH_OPTIONS_PORT, &port);
  set(session, SSH_OPTIONS_USER, settings.user.c_str());
  // Read by the library only to prefer the types of keys that stand there.
  set(session, SSH_OPTIONS_KNOWNHOSTS,
      settings.known_hosts_file.empty() ? "/dev/null" : settings.known_hosts_file.c_str());
  set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  // The library closes what it is given; ours stays open beside it so that the number cannot become another file.
  const socket_t own = ::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 3);
  if (own < 0) throw Unavailable(std::string("no file descriptor is left: ") + std::strerror(errno));
  if (ssh_options_set(session, SSH_OPTIONS_FD, &own) != 0) {
    ::close(own);
    throw Unavailable("the SSH library refuses a connection");
  }
  ssh_set_blocking(session, 0);
  Watchdog watchdog(giveUp_);
  watchdog.watch(socket_.get());
  exchangeKeys();
  checkHost();
  authenticate(watchdog);
}

Session::~Session() {
  // A farewell would wait for a peer that may be gone.
  ssh_silent_disconnect(session_.get());
}

/// Calls a step of the library until it is done.
template <class Step>
int Session::repeat(Step step, int again) {
  for (;;) {
    const int answer = step();
    if (answer != again) return answer;
    giveUp_();
    waitFor(socket_.get(), wantedEvents(session_.get()), kStep);
  }
}

void Session::exchangeKeys() {
  if (repeat([&] { return ssh_connect(session_.get()); }, SSH_AGAIN) == SSH_OK) return;
  throw Unavailable("no SSH connection to " + describe(settings_) + ": " + lastError());
}

void Session::checkHost() {
  ssh_key shown = nullptr;
  if (ssh_get_server_publickey(session_.get(), &shown) != SSH_OK) {
    throw Unavailable(describe(settings_) + " has shown no host key: " + lastError());
  }
  const KeyHandle key(shown);
  checkHostKey(key.get(), settings_);
}

void Session::authenticate(Watchdog& watchdog) {
  std::string refusals;
  if (!settings_.key_file.empty() && tryKeyFile(refusals)) return;
  if (!settings_.agent_socket.empty() && tryAgent(refusals, watchdog)) return;
  throw Unavailable(describe(settings_) + " does not let us in: " + refusals + methods());
}

bool Session::tryKeyFile(std::string& refusals) {
  const std::string& file = settings_.key_file;
  if (::access(file.c_str(), R_OK) != 0) {
    throw Unavailable("the key file " + file + " cannot be read: " + std::strerror(errno));
  }
  ssh_key loaded = nullptr;
  bool wasAsked = false;
  const char* passphrase = settings_.key_passphrase.empty() ? nullptr : settings_.key_passphrase.c_str();
  const int read = ssh_pki_import_privkey_file(file.c_str(), passphrase, noPassphrase, &wasAsked, &loaded);
  const KeyHandle key(loaded);
  if (read != SSH_OK) {
    if (passphrase != nullptr)
      throw Unavailable("the key file " + file + " is no private key, or key_passphrase is wrong");
    throw Unavailable("the key file " + file +
                      (wasAsked ? " is encrypted: set key_passphrase" : " is no private key, or it is encrypted"));
  }
  const int answer = repeat([&] { return ssh_userauth_publickey(session_.get(), nullptr, key.get()); }, SSH_AUTH_AGAIN);
  if (answer == SSH_AUTH_SUCCESS) return true;
  if (!isUp()) throw Unavailable(describe(settings_) + " ended the connection while we authenticated: " + lastError());
  refusals = answer == SSH_AUTH_PARTIAL ? "it wants more than the key " + file : "it refuses the key " + file;
  return false;
}

bool Session::tryAgent(std::string& refusals, Watchdog& watchdog) {
  const std::string& path = settings_.agent_socket;
  agent_ = connectUnix(path);
  watchdog.watch(agent_.get());
  const socket_t own = ::fcntl(agent_.get(), F_DUPFD_CLOEXEC, 3);
  if (own < 0 || ssh_set_agent_socket(session_.get(), own) != SSH_OK) throw Unavailable("no agent at " + path);
  const int answer = repeat([&] { return ssh_userauth_agent(session_.get(), nullptr); }, SSH_AUTH_AGAIN);
  giveUp_();
  if (answer == SSH_AUTH_SUCCESS) return true;
  if (!isUp()) throw Unavailable(describe(settings_) + " ended the connection while we authenticated: " + lastError());
  refusals += (refusals.empty() ? "" : ", and ") + ("it refuses every key of the agent at " + path);
  return false;
}

/// What the other side would take, as a hint.
std::string Session::methods() const {
  const auto offered = static_cast<unsigned>(ssh_userauth_list(session_.get(), nullptr));
  if ((offered & unsigned{SSH_AUTH_METHOD_PUBLICKEY}) == 0) return "; it takes no public keys at all";
  return "; is the public key in the account's authorized_keys, and can nobody else write to that file?";
}

bool Session::isUp() const {
  return !lost_ && ssh_is_connected(session_.get()) != 0;
}

std::string Session::lastError() const {
  const std::string text = cleanUtf8(ssh_get_error(session_.get()));
  return text.empty() ? "the connection was closed" : text;
}

void Session::waitAndReceive(int wake, std::chrono::milliseconds limit) {
  pollfd files[] = {{socket_.get(), wantedEvents(session_.get()), 0}, {wake, POLLIN, 0}};
  ::poll(files, 2, static_cast<int>(limit.count()));
  if (files[0].revents == 0) return;
  // Asking for the state of the connection takes in nothing; the queue of messages does.
  const EventHandle event(ssh_event_new());
  if (!event || ssh_event_add_session(event.get(), session_.get()) != SSH_OK) {
    lost_ = true;
    return;
  }
  if (ssh_event_dopoll(event.get(), 0) == SSH_ERROR) lost_ = true;
  ssh_event_remove_session(event.get(), session_.get());
}

void Session::sendSignOfLife() {
  if (ssh_send_ignore(session_.get(), "") != SSH_OK) lost_ = true;
}

}  // namespace testarena::ssh
