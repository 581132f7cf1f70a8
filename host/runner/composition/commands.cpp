// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

#include <algorithm>
#include <iostream>

#include <testarena/json.h>

#include "application.h"
#include "breadcrumb.h"
#include "exit_code.h"
#include "run_service.h"
#include "runner_settings.h"

namespace testarena::runner {
namespace {

struct MadeToken {
  std::string name;
  std::string token;
  std::string hash;
  TA_FIELDS(name, token, hash)
};

bool isTokenName(const std::string& name) {
  const auto isPlain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= 64 && isPlain(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return isPlain(c) || c == '.' || c == '-'; });
}

}  // namespace

int serve(const CommonOptions& options) {
  plugin_host::reportCrashes();
  return runService<Application>("runner", options, readSettings,
                                 "log_level, tokens and who is let in without; all else needs a restart");
}

int checkConfiguration(const CommonOptions& options) {
  const auto settings = loadConfiguration(options, readSettings);
  const SystemClock clock;
  auto plugins = makePluginHost(settings, clock);
  Problems problems;
  plugins.check<Executor>(executorUse(settings), problems);
  plugins.check<Discoverer>(discovererUse(settings), problems);
  for (const auto& problem : problems.all()) std::cerr << problem.line() << "\n";
  if (problems.hasErrors()) return kExitConfiguration;
  std::cout << "the configuration is valid: " << settings.runner.slots << " slot(s), " << settings.token.size()
            << " token(s)\n";
  return kExitOk;
}

int makeToken(const std::string& name, bool json) {
  if (!isTokenName(name)) {
    std::cerr
        << "testarena-runner: '" << name
        << "' cannot be the name of a token: 1 to 64 of A-Z a-z 0-9 _ . - that begin with a letter, a digit or _\n";
    return kExitUsage;
  }
  const std::string token = newToken();
  const MadeToken made{name, token, hashOfToken(token)};
  if (json) {
    std::cout << toJson(made) << "\n";
  } else {
    std::cout << "For the client, told this once:\n\n    " << made.token
              << "\n\nFor the configuration of the runner, read again on SIGHUP:\n\n[[token]]\nname = \"" << made.name
              << "\"\nhash = \"" << made.hash << "\"\n";
  }
  return kExitOk;
}

}  // namespace testarena::runner
