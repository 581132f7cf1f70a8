// SPDX-License-Identifier: Apache-2.0
// local_authenticator passes the contract of authenticators, loaded as the server loads it, over a store in memory.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <gtest/gtest.h>

#include "authenticator_contract.h"
#include "clock.h"
#include "plugin_host.h"
#include "settings.h"

namespace testarena::contract {
namespace {

class StoreInMemory final : public plugin_host::CredentialStore {
 public:
  void add(const std::string& username, bool enabled) { accounts_[username].enabled = enabled; }
  void breakDown() { broken_ = true; }

  StoredCredential get(const std::string& username, Call&) override {
    const std::lock_guard lock(mutex_);
    if (broken_) throw Unavailable("the store is away");
    if (username.empty() || username.find('\0') != std::string::npos) throw Invalid("a name has no NUL");
    const auto account = accounts_.find(username);
    if (account == accounts_.end() || account->second.secret.empty()) return {};
    return {true, account->second.secret, account->second.enabled};
  }

  void put(const std::string& username, const std::string& secret, Call&) override {
    const std::lock_guard lock(mutex_);
    if (broken_) throw Unavailable("the store is away");
    const auto account = accounts_.find(username);
    if (account == accounts_.end()) throw NotFound("there is no account " + username);
    account->second.secret = secret;
  }

 private:
  struct Account {
    std::string secret;
    bool enabled = true;
  };
  std::mutex mutex_;
  std::map<std::string, Account> accounts_;  // protected by mutex_
  bool broken_ = false;                      // protected by mutex_
};

class LocalSubject final : public AuthenticatorSubject {
 public:
  LocalSubject() {
    plugin_host::PluginUse use;
    use.name = "authenticator";
    use.path = "authenticator[0]";
    use.table = parseToml("plugin = \"local_authenticator\"\n", "test.toml");
    use.inherit = plugin_host::hostInheritance("/nonexistent");
    use.credentials = &store_;
    authenticator_ = host_.make<Authenticator>(use);
    for (const auto& [name, enabled] : {std::pair(facts_.username, true), std::pair(facts_.disabled, false)}) {
      store_.add(name, enabled);
      Call call(std::chrono::minutes(1));
      authenticator_->set_password({name, facts_.password}, call);
    }
  }

  Authenticator& authenticator() override { return *authenticator_; }
  const AuthenticatorFacts& facts() const override { return facts_; }
  bool setsPasswords() const override { return true; }
  bool breakSource() override {
    store_.breakDown();
    return true;
  }

 private:
  const AuthenticatorFacts facts_{"ada", "A difference engine of 25,000 parts", "charles"};
  StoreInMemory store_;
  const SystemClock clock_;
  plugin_host::PluginHost host_{{TESTARENA_PLUGINS}, clock_};
  std::unique_ptr<Authenticator> authenticator_;
};

INSTANTIATE_TEST_SUITE_P(LocalAuthenticator, AuthenticatorContract,
                         testing::Values(AuthenticatorCase{"local_authenticator",
                                                           [] { return std::make_unique<LocalSubject>(); }}));

}  // namespace
}  // namespace testarena::contract
