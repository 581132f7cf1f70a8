// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <algorithm>
#include <dlfcn.h>
#include <string_view>
#include <thread>
#include <unistd.h>

#include <testarena/error.h>

namespace testarena::local_executor {
namespace {

constexpr std::string_view kProgram = "testarena-supervisor";

/// The file that holds this code: the plugin, or a test that is linked with it.
std::filesystem::path ownFile() {
  Dl_info info = {};
  if (dladdr(reinterpret_cast<const void*>(&checkedLimits), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code error;
  return std::filesystem::weakly_canonical(info.dli_fname, error);
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

Limits checkedLimits(const Settings& settings) {
  if (settings.slots < 0) throw Invalid("slots must be at least 1", "/slots");
  if (settings.output_limit < 0) throw Invalid("output_limit must not be negative", "/output_limit");
  if (settings.process_limit < 0) throw Invalid("process_limit must not be negative", "/process_limit");
  Limits limits;
  limits.slots = settings.slots > 0 ? settings.slots : std::max<int64_t>(1, std::thread::hardware_concurrency());
  limits.output_limit = settings.output_limit;
  limits.process_limit = settings.process_limit;
  limits.time_limit = settings.time_limit;
  limits.setup_time_limit = settings.setup_time_limit;
  limits.abort_grace = settings.abort_grace;
  return limits;
}

std::filesystem::path stateFolderOf(const Settings& settings) {
  if (settings.data.empty()) throw Invalid("the data folder is missing", "/data");
  if (settings.environment.empty()) throw Invalid("the name of the environment is missing", "/environment");
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (const char c : settings.environment) {
    if (isPlain(c)) {
      name += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      name += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return std::filesystem::absolute(settings.data) / "executors" / name;
}

std::filesystem::path findSupervisor(const Settings& settings) {
  namespace fs = std::filesystem;
  const auto isProgram = [](const fs::path& file) {
    return access(file.c_str(), X_OK) == 0 && fs::is_regular_file(file);
  };
  if (!settings.supervisor.empty()) {
    const fs::path file = fs::absolute(settings.supervisor);
    if (!isProgram(file)) throw Invalid("there is no program " + file.string(), "/supervisor");
    return file;
  }
  // build/bin beside build/plugins and build/tests; PREFIX/libexec/testarena beside
  // PREFIX/lib[/ARCH]/testarena/plugins.
  const fs::path own = ownFile();
  std::string tried;
  for (fs::path folder = own.parent_path(); folder != folder.root_path(); folder = folder.parent_path()) {
    for (const char* place : {"bin", "libexec/testarena"}) {
      const fs::path file = folder / place / kProgram;
      if (isProgram(file)) return file;
    }
    tried += (tried.empty() ? "" : ", ") + folder.string();
    if (std::count(tried.begin(), tried.end(), ',') == 4) break;
  }
  throw Invalid("the program " + std::string(kProgram) + " is in no folder bin or libexec/testarena of " + tried +
                    ": install it there, or name its file in `supervisor`",
                "/supervisor");
}

}  // namespace testarena::local_executor
