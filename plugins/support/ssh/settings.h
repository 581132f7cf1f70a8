// SPDX-License-Identifier: Apache-2.0
// Which machine, as whom, and how it is known to be the right one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace testarena::ssh {

struct ConnectionSettings {
  std::string host;  ///< name or address
  int64_t port = 22;
  std::string user;

  // One of these two says who we are. There are no passwords: nobody is there to type one.
  std::string key_file;        ///< a private key in any format of OpenSSH
  std::string key_passphrase;  ///< if the key file is encrypted
  std::string agent_socket;    ///< of an ssh-agent; asked where there is no key file, or its key was refused

  // One of these two says who the other is. A key that neither names is refused, always.
  std::string known_hosts_file;  ///< in OpenSSH's format
  std::string host_key;          ///< the key's fingerprint, "SHA256:..."

  std::chrono::milliseconds connect_timeout{10000};  ///< connecting, key exchange and authentication together
};

/// Throws Invalid with the key (the members' names are those of the configuration) for what can be no connection.
void check(const ConnectionSettings& settings);

/// "ci@lab-1", "ci@lab-1:2222": for people.
std::string describe(const ConnectionSettings& settings);

/// How known_hosts names it: "lab-1", "[lab-1]:2222".
std::string knownHostName(const ConnectionSettings& settings);

/// The settings of a connection out of those of a plugin, which have members of the same names.
template <class PluginSettings>
ConnectionSettings connectionSettings(const PluginSettings& from) {
  return {from.host,
          from.port,
          from.user,
          from.key_file,
          from.key_passphrase,
          from.agent_socket,
          from.known_hosts_file,
          from.host_key,
          from.connect_timeout};
}

/// The JSON Schema of these keys, as members of `properties` of a plugin's configuration; ends with a comma.
inline constexpr std::string_view kConnectionSchema = R"(
      "host": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "Name or address of the machine"},
      "port": {"type": "integer", "minimum": 1, "maximum": 65535, "x-inherit": true,
        "description": "Port of its sshd; 22 if nothing is said"},
      "user": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "Account on the machine"},
      "key_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "The private key that the account accepts"},
      "key_passphrase": {"type": "string", "x-secret": true, "x-inherit": true,
        "description": "Passphrase of key_file, if it is encrypted"},
      "agent_socket": {"type": "string", "format": "path", "x-inherit": true,
        "description": "Socket of an ssh-agent that has the key, instead of key_file"},
      "known_hosts_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "Keys of known machines in OpenSSH's format; a machine that is not in it is refused"},
      "host_key": {"type": "string", "pattern": "SHA256:[A-Za-z0-9+/]{43}", "x-inherit": true,
        "description": "Fingerprint of the machine's key, instead of known_hosts_file"},
      "connect_timeout": {"type": "string", "format": "duration", "minimum": "100ms", "x-inherit": true,
        "description": "How long connecting and authenticating may take together; 10s if nothing is said"},
)";

}  // namespace testarena::ssh
