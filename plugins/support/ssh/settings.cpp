// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <algorithm>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::ssh {
namespace {

constexpr int64_t kDefaultPort = 22;

bool isLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// More than one release of libssh has handed these two to a shell: what could mean something there never gets so far.
void checkName(const std::string& name, std::string_view further, const std::string& what, const std::string& pointer) {
  const auto isAllowed = [&](char c) { return isLetterOrDigit(c) || further.find(c) != std::string_view::npos; };
  if (!name.empty() && name.size() <= 255 && name.front() != '-' && std::all_of(name.begin(), name.end(), isAllowed)) {
    return;
  }
  throw Invalid("'" + cleanUtf8(name.substr(0, 80)) + "' is no " + what, pointer);
}

}  // namespace

void check(const ConnectionSettings& settings) {
  checkName(settings.host, ".-_:", "name or address of a machine: letters, digits and . - _ : are expected", "/host");
  checkName(settings.user, ".-_$", "name of an account: letters, digits and . - _ $ are expected", "/user");
  if (settings.port < 1 || settings.port > 65535) throw Invalid("a port is a number from 1 to 65535", "/port");
  if (settings.key_file.empty() && settings.agent_socket.empty()) {
    throw Invalid("neither key_file nor agent_socket is set: one of them has to say which key is used", "/key_file");
  }
  if (settings.known_hosts_file.empty() == settings.host_key.empty()) {
    throw Invalid(settings.host_key.empty()
                      ? "neither known_hosts_file nor host_key is set: without one of them nobody "
                        "knows whether it is the right machine"
                      : "known_hosts_file and host_key are both set: one of them is to decide",
                  "/known_hosts_file");
  }
  if (settings.connect_timeout.count() <= 0) {
    throw Invalid("connect_timeout must be longer than 0", "/connect_timeout");
  }
}

std::string describe(const ConnectionSettings& settings) {
  std::string text = settings.user + "@" + settings.host;
  if (settings.port != kDefaultPort) text += ":" + std::to_string(settings.port);
  return text;
}

std::string knownHostName(const ConnectionSettings& settings) {
  std::string host = settings.host;
  for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return settings.port == kDefaultPort ? host : "[" + host + "]:" + std::to_string(settings.port);
}

}  // namespace testarena::ssh
