// SPDX-License-Identifier: Apache-2.0
// A PluginHost over the plugins of fixtures/, and words to use it.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fixtures.h"
#include "plugin_host.h"
#include "settings.h"

namespace testarena::plugin_host {

class PluginHostTest : public testing::Test {
 protected:
  PluginHostTest() {
    configureLog({LogFormat::text, LogSeverity::info, [this](std::string_view line) {
                    const std::lock_guard lock(mutex_);
                    lines_.emplace_back(line);
                  }});
  }
  ~PluginHostTest() override { configureLog({}); }

  /// A use as `[executor]` in a file with this text would be.
  PluginUse use(const std::string& toml) {
    PluginUse use;
    use.name = "executor lab-1";
    use.path = "executor";
    use.table = parseToml(toml, "t.toml");
    use.inherit = hostInheritance("/data");
    return use;
  }
  PluginUse probe(const std::string& more = {}) {
    return use("plugin = \"probe_executor\"\nurl = \"http://farm\"\n" + more);
  }

  template <class Interface = Executor>
  std::string refusal(const PluginUse& use) {
    try {
      host_.make<Interface>(use);
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }

  std::string submit(Executor& executor, const std::string& job) {
    Call call(std::chrono::seconds(30), "trace-1");
    return executor.submit({job, {}, {}, {}, {}, {}}, call).handle;
  }

  PluginEntry entry(const std::string& name) {
    for (const PluginEntry& entry : host_.list()) {
      if (entry.name == name) return entry;
    }
    return {};
  }

  std::string logged() {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& line : lines_) all += line + "\n";
    return all;
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
  const SystemClock clock_;
  PluginHost host_{{test::fixtureFolder()}, clock_};
};

}  // namespace testarena::plugin_host
