// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

#include <algorithm>
#include <iostream>
#include <unistd.h>

#include <testarena/json.h>

#include "application.h"
#include "build_info.h"
#include "service_manager.h"
#include "settings.h"

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

/// Reads the configuration again; a broken one changes nothing.
void reload(const CommonOptions& options, Application& application, const Logger& log) {
  try {
    application.apply(loadRunnerSettings(options));
    log.info("configuration read again: log_level, tokens and who is let in without; all else needs a restart");
  } catch (const std::exception& error) {
    log.error("configuration not taken over, the old one stays: {}", error.what());
  }
}

}  // namespace

Settings loadRunnerSettings(const CommonOptions& options) {
  const auto tree = loadSettings({options.config, processEnvironment(), options.overrides});
  Problems problems;
  auto settings = readSettings(tree, options.config, problems);
  problems.throwIfErrors();
  LogOptions log;
  log.format = logFormatFrom(options.log_format.empty() ? settings.server.log_format : options.log_format);
  log.level = logSeverityFrom(settings.server.log_level);
  configureLog(log);
  for (const auto& problem : problems.all()) Logger("configuration").warning("{}", problem.line());
  return settings;
}

int serve(const CommonOptions& options) {
  const auto settings = loadRunnerSettings(options);
  const ProcessSignals signals;

  const Logger log("runner");
  Application application(settings);
  application.start();
  notifyServiceManager("READY=1");
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "Open http://" << application.address() << " in a browser.\n";

  int signal = signals.wait();
  for (; signal == SIGHUP; signal = signals.wait()) reload(options, application, log);
  log.info("stopping: {}", signal == SIGINT ? "interrupted" : "asked to end");
  notifyServiceManager("STOPPING=1");
  signals.exitAtNext();
  application.stop();
  log.info("stopped");
  return kExitOk;
}

int checkConfiguration(const CommonOptions& options) {
  const auto settings = loadRunnerSettings(options);
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

int showVersion(bool json) {
  BuildInfo info = buildInfo();
  info.name = "testarena-runner";
  if (json) {
    std::cout << toJson(info) << "\n";
  } else {
    std::cout << info.name << " " << info.version << " (" << info.commit << ", " << info.compiler << ")\n";
  }
  return kExitOk;
}

}  // namespace testarena::runner
