// SPDX-License-Identifier: Apache-2.0
// sqlite_storage passes the contract of storages, loaded as the server loads it.
#include <gtest/gtest.h>

#include "clock.h"
#include "plugin_host.h"
#include "storage_contract.h"
#include "temporary_folder.h"

namespace testarena::contract {
namespace {

class LoadedHome final : public StorageHome {
 public:
  std::unique_ptr<Storage> connect() override {
    plugin_host::PluginUse use;
    use.name = "storage";
    use.path = "storage";
    use.table = Value(Value::Table{{"plugin", Value(std::string("sqlite_storage"))}});
    use.inherit = plugin_host::hostInheritance(folder_.path());
    return host_.make<Storage>(use);
  }

 private:
  const test::TemporaryFolder folder_;
  const SystemClock clock_;
  plugin_host::PluginHost host_{{TESTARENA_PLUGINS}, clock_};
};

INSTANTIATE_TEST_SUITE_P(SqliteStorage, StorageContract,
                         testing::Values(StorageFactory{"sqlite_storage",
                                                        [] { return std::make_unique<LoadedHome>(); }}));

}  // namespace
}  // namespace testarena::contract
