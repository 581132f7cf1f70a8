// SPDX-License-Identifier: Apache-2.0
// A host that keeps credentials in memory and remembers what it was told.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <testarena/host.h>

namespace testarena::test {

class FakeHost final : public HostServices {
 public:
  /// Makes an account; `secret` empty: it has no credential.
  void add(const std::string& username, const std::string& secret = "", bool enabled = true) {
    accounts_[username] = {!secret.empty(), secret, enabled};
  }
  std::string secretOf(const std::string& username) { return accounts_.at(username).secret; }
  std::string log() const { return log_; }
  int lookups() const { return lookups_; }
  void refuseWrites() { refuses_writes_ = true; }

  None log(const LogLine& line, Call&) override {
    const std::lock_guard lock(mutex_);
    log_ += line.message + "\n";
    return {};
  }
  NowAnswer now(const NowRequest&, Call&) override { return {}; }
  SecretAnswer secret(const SecretRequest&, Call&) override { throw NotFound("none"); }
  StoredCredential credential_get(const CredentialLookup& lookup, Call&) override {
    const std::lock_guard lock(mutex_);
    ++lookups_;
    const auto account = accounts_.find(lookup.username);
    return account == accounts_.end() || !account->second.found ? StoredCredential{} : account->second;
  }
  None credential_put(const CredentialUpdate& update, Call&) override {
    const std::lock_guard lock(mutex_);
    if (refuses_writes_) throw Unavailable("the store does not write");
    const auto account = accounts_.find(update.username);
    if (account == accounts_.end()) throw NotFound("no account " + update.username);
    account->second.found = true;
    account->second.secret = update.secret;
    return {};
  }
  None metric_add(const MetricSample&, Call&) override { return {}; }
  None metric_set(const MetricSample&, Call&) override { return {}; }

 private:
  std::mutex mutex_;
  // Protected by mutex_.
  std::map<std::string, StoredCredential> accounts_;
  std::string log_;
  int lookups_ = 0;
  bool refuses_writes_ = false;
};

}  // namespace testarena::test
