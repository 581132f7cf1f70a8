// SPDX-License-Identifier: Apache-2.0
// ssh_discoverer passes the contract of discoverers, loaded as the server loads it, against a real sshd: one that
// serves the account that the tests run under, and one that has no rights of its own and reads somebody else's
// repository.
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "clock.h"
#include "discoverer_contract.h"
#include "plugin_host.h"
#include "settings.h"
#include "ssh_server.h"
#include "test_repository.h"

namespace testarena::contract {
namespace {

constexpr const char* kManifest = R"([[scenarios]]
glob = "scenarios/**/*.sh"
command = ["sh", "{path}"]
timeout_s = 60

[[scenarios]]
name = "lint"
command = ["./tools/lint"]

[[scenarios]]
lister = "ctest"
)";

constexpr const char* kBrokenManifest = R"([[scenarios]]
glob = "scenarios/*.sh"
command = ["sh", "{path}"]

[[scenarios]]
name = "lint"
comand = ["./tools/lint"]
)";

class SshSubject final : public DiscovererSubject {
 public:
  explicit SshSubject(bool unprivileged) : server_({unprivileged, {}}) {
    fillRepository();
    plugin_host::PluginUse use;
    use.name = "discoverer lab";
    use.path = "environment[0].discoverer";
    use.table = parseToml(
        "plugin = \"ssh_discoverer\"\n" + server_.toml() + "repository = \"" + repository_.path().string() + "\"\n",
        "test.toml");
    Value environment = parseToml("name = \"lab\"", "test.toml");
    environment.member("discoverer") = use.table;
    use.inherit = plugin_host::environmentInheritance(environment, "discoverer", server_.folder() / "data");
    discoverer_ = host_.make<Discoverer>(use);
  }

  Discoverer& discoverer() override { return *discoverer_; }
  const DiscovererFacts& facts() const override { return facts_; }
  std::string canary() const override { return (server_.home() / "canary").string(); }

  std::string addCommit() override { return repository_.commit("Another one"); }
  bool breakRepository() override {
    std::filesystem::rename(repository_.path(), server_.folder() / "away");
    return true;
  }

 private:
  void fillRepository() {
    repository_.write(".testarena.toml", kBrokenManifest);
    repository_.write("scenarios/boot.sh", "true\n");
    facts_.ancestor = repository_.commit("The first");
    facts_.broken = facts_.ancestor;
    facts_.broken_path = ".testarena.toml";
    facts_.broken_line = 7;
    facts_.broken_scenarios = {"scenarios/boot"};
    repository_.branch("feature/b");
    repository_.branch("stable");
    facts_.ambiguous = "stable";
    facts_.ambiguous_commit = facts_.ancestor;

    repository_.git({"switch", "--quiet", "--create", "feature/a"});
    facts_.stranger = repository_.commit("Elsewhere");
    repository_.tag("stable");
    repository_.switchTo("main");

    repository_.write(".testarena.toml", kManifest);
    repository_.write("scenarios/net/ping.sh", "true\n");
    facts_.branch.name = "main";
    facts_.branch.commit = repository_.commit("Ping the board\n\nIt may be away.");
    facts_.branch.author = "Ada Lovelace";
    facts_.branch.subject = "Ping the board";
    facts_.branch.committed_at = Time(std::chrono::seconds(1767225600 + 2 * 60));
    facts_.branches = {"feature/a", "feature/b", "main", "stable"};
    facts_.scenarios = {"scenarios/boot", "scenarios/net/ping", "lint", "ctest"};
  }

  const test::SshServer server_;
  test::TestRepository repository_{server_.folder() / "repository"};
  DiscovererFacts facts_;
  const SystemClock clock_;
  plugin_host::PluginHost host_{{TESTARENA_PLUGINS}, clock_};
  std::unique_ptr<Discoverer> discoverer_;
};

INSTANTIATE_TEST_SUITE_P(
    SshDiscoverer, DiscovererContract,
    testing::Values(DiscovererCase{"own_account", [] { return std::make_unique<SshSubject>(false); }},
                    DiscovererCase{"unprivileged", [] { return std::make_unique<SshSubject>(true); }}),
    [](const testing::TestParamInfo<DiscovererCase>& info) { return info.param.name; });

}  // namespace
}  // namespace testarena::contract
