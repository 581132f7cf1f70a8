// SPDX-License-Identifier: Apache-2.0
#include "git_source.h"

#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

#include <testarena/error.h>

#include "branch_name.h"
#include "split.h"

namespace testarena::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeads = "refs/heads/";

/// The path of the git folder that belongs to a path as people write it.
fs::path gitFolder(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / ".git", ignored) ? path / ".git" : path;
}

std::string sshCommand(const RepositorySettings& settings) {
  std::string command = "ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes";
  if (!settings.key_file.empty()) command += " -o IdentitiesOnly=yes -i " + shellQuoted(settings.key_file.string());
  if (!settings.known_hosts_file.empty()) {
    command += " -o " + shellQuoted("UserKnownHostsFile=" + settings.known_hosts_file.string());
  }
  return command;
}

GitSetting settingFor(const RepositorySettings& settings, const RepositoryAddress& address) {
  GitSetting setting;
  setting.program = settings.git;
  setting.shown = address.text;
  setting.protocol = address.protocol;
  if (address.isPath()) {
    setting.config["safe.directory"] = address.text;
    return setting;
  }
  // Not in the argv: there every local user could read it.
  setting.config["remote.origin.url"] = address.text;
  setting.config["fetch.unpackLimit"] = "1";
  setting.ssh_command = sshCommand(settings);
  if (!settings.credentials_file.empty()) {
    setting.config["credential.helper"] = "store --file=" + shellQuoted(settings.credentials_file.string());
  }
  return setting;
}

/// Patterns of git match more than the one name: `refs/heads/a` also what is below it.
std::string exactRef(const std::string& listing, const std::string& branch) {
  std::string found;
  split(listing, '\n', [&](std::string_view line) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos || line.substr(tab + 1) != std::string(kHeads) + branch) return;
    if (isObjectName(line.substr(0, tab))) found = line.substr(0, tab);
  });
  return found;
}

/// Where the repository is, or its mirror will be.
fs::path folderFor(const RepositorySettings& settings, const RepositoryAddress& address) {
  if (address.isPath()) return address.text;
  if (settings.mirrors.empty()) throw Invalid("a folder for the mirror of " + address.text + " is not set", "/data");
  return fs::absolute(settings.mirrors) / (mirrorName(address) + ".git");
}

}  // namespace

GitSource::GitSource(const RepositorySettings& settings)
    : address_(parseRepositoryAddress(settings.repository)),
      command_(settingFor(settings, address_)),
      folder_(folderFor(settings, address_)) {
  if (address_.isPath()) return;
  mirror_.emplace(command_, folder_);
}

fs::path GitSource::folder() const {
  return mirror_ ? folder_ : gitFolder(folder_);
}

process::Finished GitSource::run(std::vector<std::string> arguments, const Call& call, std::size_t max_output) const {
  arguments.insert(arguments.begin(), "--git-dir=" + folder().string());
  return command_.run(arguments, call, max_output);
}

std::string GitSource::output(std::vector<std::string> arguments, const Call& call) const {
  arguments.insert(arguments.begin(), "--git-dir=" + folder().string());
  return command_.output(arguments, call);
}

std::string GitSource::tip(const std::string& branch, const Call& call) const {
  return exactRef(output({"for-each-ref", "--format=%(objectname)%09%(refname)", std::string(kHeads) + branch}, call),
                  branch);
}

std::string GitSource::remoteTip(const std::string& branch, const Call& call) const {
  return exactRef(command_.output({"ls-remote", "--refs", "origin", std::string(kHeads) + branch}, call), branch);
}

bool GitSource::has(const std::string& commit, const Call& call) const {
  if (mirror_ && !fs::exists(folder_)) return false;
  return run({"cat-file", "-e", commit + "^{commit}"}, call).succeeded();
}

void GitSource::require(const std::string& commit, const Call& call) {
  if (has(commit, call)) return;
  if (mirror_) {
    mirror_->fetchAll(std::chrono::milliseconds(0), call);
    if (has(commit, call)) return;
    mirror_->fetchCommit(commit, call);
    if (has(commit, call)) return;
  } else {
    output({"rev-parse", "--git-dir"}, call);  // fails if there is no repository at all
  }
  throw NotFound("the repository " + name() + " has no commit " + commit);
}

}  // namespace testarena::git
