// SPDX-License-Identifier: Apache-2.0
// HostServices: what a host offers to its plugins, as an interface like any other, only that the plugin calls and the
// host answers. Authors of plugins use the class Host of <testarena/host.h>.
#pragma once

#include <cstdint>
#include <string>

#include <testarena/interface.h>
#include <testarena/record.h>

namespace testarena {
inline namespace v1 {

TA_ENUM(LogLevel, unknown, debug, info, warning, error)

struct LogLine {
  LogLevel level = LogLevel::info;
  std::string message;  ///< one line; the host adds time, plugin and instance
  TA_FIELDS(level, message)
};

struct NowRequest {
  TA_NO_FIELDS
};

struct NowAnswer {
  Time now{};
  TA_FIELDS(now)
};

struct SecretRequest {
  std::string key;
  TA_FIELDS(key)
};

struct SecretAnswer {
  std::string value;
  TA_FIELDS(value)
};

struct CredentialLookup {
  std::string username;
  TA_FIELDS(username)
};

struct StoredCredential {
  bool found = false;
  std::string secret;    ///< what `credential_put` was given: a hash, never a password
  bool enabled = false;  ///< the account may log in
  TA_FIELDS(found, secret, enabled)
};

struct CredentialUpdate {
  std::string username;
  std::string secret;
  TA_FIELDS(username, secret)
};

struct MetricSample {
  std::string name;  ///< [a-z][a-z0-9_]*; the host puts `testarena_plugin_` before it and the instance into a label
  double value = 0;
  TA_FIELDS(name, value)
};

/// The story. From `create` until `destroy` returns a plugin calls these whenever it likes, from any thread; a host
/// never calls back into the plugin from here and holds no lock while it answers. None is a way to wait: all answer
/// soon.
class HostServices {
 public:
  virtual ~HostServices() = default;

  /// Writes to the host's log. Line breaks and control characters are escaped by the host; secrets do not belong here.
  virtual None log(const LogLine&, Call&) = 0;

  /// The host's clock, which tests set. Use it for all times that are stored or shown, never the system's own.
  virtual NowAnswer now(const NowRequest&, Call&) = 0;

  /// A secret of this instance's configuration, by its key. `NotFound`: none is configured.
  virtual SecretAnswer secret(const SecretRequest&, Call&) = 0;

  /// What an authenticator has stored for an account. An unknown account is an answer.
  virtual StoredCredential credential_get(const CredentialLookup&, Call&) = 0;

  /// Stores or replaces it. `NotFound`: no such account.
  virtual None credential_put(const CredentialUpdate&, Call&) = 0;

  /// Adds to a counter; the value is not negative.
  virtual None metric_add(const MetricSample&, Call&) = 0;

  /// Sets a gauge.
  virtual None metric_set(const MetricSample&, Call&) = 0;
};

TA_INTERFACE(HostServices, "host/1", log, now, secret, credential_get, credential_put, metric_add, metric_set)

}  // namespace v1
}  // namespace testarena
