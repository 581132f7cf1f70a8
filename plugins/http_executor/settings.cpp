// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <algorithm>

#include <testarena/error.h>

#include "submission_check.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;

/// "api/" and "/api" are meant alike; "/" is none.
std::string normalized(std::string prefix, const char* pointer) {
  if (!prefix.empty() && prefix.front() != '/') prefix.insert(0, "/");
  while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  const auto isPlain = [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#'; };
  if (!std::all_of(prefix.begin(), prefix.end(), isPlain)) {
    throw Invalid("'" + prefix + "' is no path: it must be like /api", pointer);
  }
  return prefix;
}

std::filesystem::path folderOf(const Settings& settings) {
  if (settings.data.empty()) throw Invalid("the data folder is missing", "/data");
  if (settings.environment.empty()) throw Invalid("the name of the environment is missing", "/environment");
  // The same letters as a name of an environment may have, and nothing that leaves the folder.
  std::string name = http::percentEncoded(settings.environment);
  if (name.front() == '.') name = "%2E" + name.substr(1);
  return std::filesystem::absolute(settings.data) / "executors" / name;
}

template <class Function>
auto at(const char* pointer, Function&& function) {
  try {
    return function();
  } catch (const Invalid& error) {
    throw Invalid(error.what(), pointer);
  }
}

}  // namespace

Profile checked(const Settings& settings) {
  Profile profile;
  profile.settings = settings;
  profile.server = at("/url", [&] { return http::parseAddress(settings.url); });
  if (profile.server.target.find('?') != std::string::npos) {
    throw Invalid("'" + settings.url + "' has a query: it must end with the host or a path", "/url");
  }
  const std::string base = normalized(profile.server.target, "/url");
  profile.paths = base + normalized(settings.prefix, "/prefix");
  profile.control =
      settings.control_prefix.empty() ? profile.paths : base + normalized(settings.control_prefix, "/control_prefix");
  profile.environment = settings.remote_environment.empty() ? settings.environment : settings.remote_environment;
  profile.log = at("/log_url", [&] { return UrlTemplate(settings.log_url); });
  profile.report = at("/report_url", [&] { return UrlTemplate(settings.report_url); });
  profile.words = TaskWords(settings.verdict_fields, settings.pass_words, settings.fail_words);
  profile.folder = folderOf(settings);
  if (!settings.id_prefix.empty() && (!isJobId(settings.id_prefix) || settings.id_prefix.size() > 64)) {
    throw Invalid(
        "an id_prefix has at most 64 letters, digits, '_', '.', ':' or '-' and begins with a letter, digit or '_'",
        "/id_prefix");
  }
  if (settings.in_flight < 0ms) throw Invalid("in_flight must not be negative", "/in_flight");
  if (settings.timeout < 1ms) throw Invalid("timeout must be longer than nothing", "/timeout");
  if (settings.in_flight < settings.timeout) {
    throw Invalid(
        "in_flight must be at least as long as timeout: a request is surely under way for as long as it is "
        "waited for",
        "/in_flight");
  }
  if (settings.max_connections < 1) throw Invalid("at least one connection is needed", "/max_connections");
  if (settings.log_limit < 1) throw Invalid("log_limit must be at least 1 byte", "/log_limit");
  return profile;
}

}  // namespace testarena::http_executor
