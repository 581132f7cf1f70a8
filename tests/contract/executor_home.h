// SPDX-License-Identifier: Apache-2.0
// An executor loaded as the server loads it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "clock.h"
#include "executor_contract.h"
#include "plugin_host.h"
#include "settings.h"

namespace testarena::contract {

class LoadedExecutor {
 public:
  /// `toml` is what the executor's table says; `data` is the host's data folder.
  LoadedExecutor(std::string toml, std::filesystem::path data) : toml_(std::move(toml)), data_(std::move(data)) {
    load();
  }

  Executor& get() { return *executor_; }

  void load() {
    executor_.reset();
    plugin_host::PluginUse use;
    use.name = "executor lab";
    use.path = "environment[0].executor";
    use.table = parseToml(toml_, "test.toml");
    Value environment = parseToml("name = \"lab\"", "test.toml");
    environment.member("executor") = use.table;
    use.inherit = plugin_host::environmentInheritance(environment, "executor", data_);
    executor_ = host_.make<Executor>(use);
  }

 private:
  const std::string toml_;
  const std::filesystem::path data_;
  const SystemClock clock_;
  plugin_host::PluginHost host_{{TESTARENA_PLUGINS}, clock_};
  std::unique_ptr<Executor> executor_;
};

}  // namespace testarena::contract
