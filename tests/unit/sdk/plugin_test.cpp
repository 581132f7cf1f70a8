// SPDX-License-Identifier: Apache-2.0
// A plugin's table, called as a host does, with host services on the other side.
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/authenticator.h>
#include <testarena/plugin.h>

namespace testarena {
namespace {

using namespace std::chrono_literals;

/// A host that keeps what it is told.
class FakeHost final : public HostServices {
 public:
  None log(const LogLine& line, Call&) override {
    if (line.message == "refuse me") throw std::runtime_error("no log today");
    lines.push_back(std::string(enumName(line.level)) + ": " + line.message);
    return {};
  }
  NowAnswer now(const NowRequest&, Call&) override { return {Time(1'000'000us)}; }
  SecretAnswer secret(const SecretRequest& request, Call&) override {
    if (request.key != "token") throw NotFound("no secret '" + request.key + "' is configured");
    return {"s3cret"};
  }
  StoredCredential credential_get(const CredentialLookup& request, Call&) override {
    return {request.username == stored.username, stored.secret, true};
  }
  None credential_put(const CredentialUpdate& update, Call&) override {
    stored = update;
    return {};
  }
  None metric_add(const MetricSample& sample, Call&) override {
    metrics.push_back(sample.name + " +" + std::to_string(static_cast<int>(sample.value)));
    return {};
  }
  None metric_set(const MetricSample& sample, Call&) override {
    metrics.push_back(sample.name + " =" + std::to_string(static_cast<int>(sample.value)));
    return {};
  }

  ta_host table() {
    return {sizeof(ta_host), 0, this, [](void* self, ta_bytes operation, ta_bytes request, ta_call* call) noexcept {
              return dispatch<HostServices>(*static_cast<FakeHost*>(self), operation, request, *call);
            }};
  }

  std::vector<std::string> lines;
  std::vector<std::string> metrics;
  CredentialUpdate stored;
};

class Doorman final : public Authenticator {
 public:
  struct Settings {
    std::string realm;
    std::chrono::milliseconds pause{250};
    TA_FIELDS(realm, pause)
  };
  Doorman(const Settings& settings, const Host& host) : settings_(settings), host_(host) {
    if (settings.realm.empty()) throw Invalid("the realm is empty: name one", "/realm");
    host_.info("doorman of " + settings.realm + ", pause " + std::to_string(settings.pause.count()));
  }
  ~Doorman() override { host_.info("gone"); }

  Identity authenticate(const Credentials& credentials, Call&) override {
    Identity identity;
    identity.outcome = host_.secret("token") == credentials.password ? Outcome::ok : Outcome::denied;
    host_.count("logins_total");
    host_.gauge("open_doors", 3);
    return identity;
  }
  Account lookup(const LookupRequest& request, Call&) override {
    host_.storeCredential(request.username, "hash");
    Account account;
    account.enabled = host_.credential(request.username).found && !host_.credential("other").found;
    account.display_name = formatTime(host_.now());
    host_.error("refuse me");
    return account;
  }
  Health health(const HealthRequest&, Call&) override {
    host_.secret("missing");
    return {};
  }

 private:
  Settings settings_;
  Host host_;
};

}  // namespace
}  // namespace testarena

namespace {
constexpr char kManifest[] = R"({"name": "doorman"})";
}
TESTARENA_PLUGIN(kManifest, TA_OFFER(testarena::Authenticator, testarena::Doorman))

namespace testarena {
namespace {

struct Configuration {
  std::string realm = "lab";
  std::int64_t pause = 90'000;  // durations are integers once the host has checked them
  std::string newer_key = "ignored";
  TA_FIELDS(realm, pause, newer_key)
};

class PluginTest : public testing::Test {
 protected:
  std::unique_ptr<Authenticator> create(const Configuration& configuration,
                                        std::string_view interfaceId = "authenticator/1") {
    Call call(1h);
    const std::string config = encode(configuration);
    void* instance = nullptr;
    callWithoutAnswer(call, [&](ta_call* wire) {
      return testarena_plugin.create(&table_, toBytes(interfaceId), toBytes(config), wire, &instance);
    });
    return std::make_unique<AuthenticatorProxy>(std::make_shared<InstanceChannel>(instance));
  }

  class InstanceChannel final : public Channel {
   public:
    explicit InstanceChannel(void* instance) : instance_(instance) {}
    ~InstanceChannel() override { testarena_plugin.destroy(instance_); }
    void call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) override {
      callThrough(call, receiver,
                  [&](ta_call* wire) { return testarena_plugin.call(instance_, toBytes(operation), request, wire); });
    }

   private:
    void* instance_;
  };

  FakeHost host_;
  const ta_host table_ = host_.table();
  Call call_{1h};
};

TEST_F(PluginTest, theTableIsConstant) {
  static_assert(testarena_plugin.magic == TA_MAGIC && testarena_plugin.abi_version == TA_ABI_VERSION);
  static_assert(testarena_plugin.struct_size == sizeof(ta_plugin));
  EXPECT_EQ(toView(testarena_plugin.manifest), kManifest);
}

TEST_F(PluginTest, settingsArriveAndTheInstanceEnds) {
  create({})->lookup({"anna"}, call_);
  EXPECT_EQ(host_.lines, (std::vector<std::string>{"info: doorman of lab, pause 90000", "info: gone"}));
}

TEST_F(PluginTest, aRefusedConfigurationNamesTheKey) {
  try {
    create({"", 0, ""});
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_STREQ(error.what(), "the realm is empty: name one");
    EXPECT_EQ(error.pointer(), "/realm");
  }
}

TEST_F(PluginTest, anInterfaceThatIsNotOfferedIsUnsupported) {
  try {
    create({}, "executor/1");
    FAIL();
  } catch (const Unsupported& error) {
    EXPECT_STREQ(error.what(), "this plugin does not offer the interface 'executor/1'");
  }
}

TEST_F(PluginTest, hostServicesWorkThroughTheBoundary) {
  const auto doorman = create({});
  EXPECT_EQ(doorman->authenticate({"anna", "s3cret", ""}, call_).outcome, Outcome::ok);
  EXPECT_EQ(doorman->authenticate({"anna", "wrong", ""}, call_).outcome, Outcome::denied);
  EXPECT_EQ(host_.metrics.size(), 4U);
  EXPECT_EQ(host_.metrics[0], "logins_total +1");
  EXPECT_EQ(host_.metrics[1], "open_doors =3");
  const Account account = doorman->lookup({"anna"}, call_);
  EXPECT_TRUE(account.enabled);
  EXPECT_EQ(account.display_name, "1970-01-01T00:00:01.000000Z");
  EXPECT_EQ(host_.stored.secret, "hash");
}

TEST_F(PluginTest, anErrorOfTheHostCrossesBothBoundaries) {
  try {
    create({})->health({}, call_);
    FAIL();
  } catch (const NotFound& error) {
    EXPECT_STREQ(error.what(), "no secret 'missing' is configured");
  }
}

TEST_F(PluginTest, aFakeHostServesAnImplementationWithoutBoundary) {
  const auto services = std::make_shared<FakeHost>();
  Doorman doorman({"lab", 1ms}, Host(services));
  EXPECT_EQ(services->lines.size(), 1U);
}

TEST_F(PluginTest, textForTheLogNeedNotBeUtf8) {
  const auto services = std::make_shared<FakeHost>();
  Host(services).warning("caf\xE9");
  EXPECT_EQ(services->lines.at(0), "warning: caf\uFFFD");
}

}  // namespace
}  // namespace testarena
