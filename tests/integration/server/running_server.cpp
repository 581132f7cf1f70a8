// SPDX-License-Identifier: Apache-2.0
#include "running_server.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sys/wait.h>

#include <sodium.h>

#include <testarena/json.h>

namespace testarena::integration {
namespace fs = std::filesystem;
namespace {

void run(const std::vector<std::string>& arguments, const fs::path& output) {
  if (waitForEnd(spawn(arguments, output)) != 0) throw std::runtime_error(arguments[0] + ": " + contentOf(output));
}

std::string withPath(std::string text, const fs::path& repository) {
  constexpr std::string_view kPlace = "{repository}";
  const auto at = text.find(kPlace);
  return at == std::string::npos ? text : text.replace(at, kPlace.size(), repository.string());
}

constexpr const char* kManifest = R"toml(
[[scenarios]]
glob = "checks/*.sh"
command = ["sh", "{path}"]
timeout_s = 120
)toml";

}  // namespace

RunningServer::RunningServer() : RunningServer(Options()) {}

RunningServer::RunningServer(Options options) : options_(std::move(options)) {
  std::string pattern = (fs::temp_directory_path() / "testarena_XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  const auto log = folder_ / "git.log";
  run({"git", "init", "-q", "-b", "main", repository().string()}, log);
  commit("main", ".testarena.toml", kManifest);
  commit("main", "checks/passes.sh", "echo it works\n");
  commit("main", "checks/fails.sh", "echo it does not >&2\nexit 3\n");
  commit("main", "checks/waits.sh", "echo waiting\nsleep 600\n");
  std::ofstream(folder_ / "testarena.toml")
      << "[server]\nlisten = \"127.0.0.1:0\"\ndata = \"data\"\n"
      << options_.server
      << "\n[storage]\nplugin = \"sqlite_storage\"\n"
         "[[authenticator]]\nplugin = \"local_authenticator\"\n"
         "[[environment]]\nname = \"lab\"\nexecutor = "
      << options_.executor << "\ndiscoverer = " << withPath(options_.discoverer, repository()) << "\n"
      << withPath(options_.environments, repository());
  start();
}

RunningServer::~RunningServer() {
  if (process_ > 0) stop(SIGTERM);
  if (::testing::Test::HasFailure()) std::fprintf(stderr, "--- the server's log ---\n%s\n", logText().c_str());
  std::error_code none;
  fs::remove_all(folder_, none);
}

void RunningServer::start() {
  fs::remove(folder_ / "data/address");
  process_ =
      spawn({TESTARENA_PROGRAM, "serve", "--config", (folder_ / "testarena.toml").string()}, folder_ / "server.log");
  waitUntil("the server serves", [&] {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) throw std::runtime_error("the server ended:\n" + logText());
    return fs::exists(folder_ / "data/address");
  });
}

int RunningServer::stop(int signal) {
  ::kill(process_, signal);
  const int status = waitForEnd(process_);
  process_ = -1;
  return status;
}

std::string RunningServer::address() const {
  return lineOf(folder_ / "data/address");
}

std::string RunningServer::adminPassword() const {
  return lineOf(folder_ / "data/initial-admin-password");
}

std::string RunningServer::logText() const {
  return contentOf(folder_ / "server.log");
}

Headers RunningServer::as(const std::string& username, const std::string& password) const {
  const auto plain = username + ":" + password;
  std::string encoded(sodium_base64_ENCODED_LEN(plain.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(), reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  encoded.resize(encoded.find('\0'));
  return {{"Authorization", "Basic " + encoded}};
}

std::string RunningServer::command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{TESTARENA_PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  all.insert(all.end(), {"--config", (folder_ / "testarena.toml").string()});
  const auto output = folder_ / "command.out";
  fs::remove(output);
  run(all, output);
  return lineOf(output);
}

std::string RunningServer::createUser(const std::string& name, const std::string& role) const {
  return command({"admin", "create-user", name, "--role", role});
}

void RunningServer::commit(const std::string& branch, const std::string& file, const std::string& content) const {
  const auto log = folder_ / "git.log";
  const std::vector<std::string> git{"git",
                                     "-C",
                                     repository().string(),
                                     "-c",
                                     "user.name=Ada",
                                     "-c",
                                     "user.email=ada@example.invalid",
                                     "-c",
                                     "commit.gpgsign=false"};
  auto with = [&](std::vector<std::string> arguments) {
    auto all = git;
    all.insert(all.end(), arguments.begin(), arguments.end());
    run(all, log);
  };
  if (branch != "main") with({"checkout", "-q", "-B", branch});
  fs::create_directories((repository() / file).parent_path());
  std::ofstream(repository() / file, std::ios::binary) << content;
  with({"add", "-A"});
  with({"commit", "-q", "-m", "Change " + file});
  if (branch != "main") with({"checkout", "-q", "main"});
  if (process_ <= 0) return;
  // What a branch is, the server remembers for a second.
  const auto wanted = lineOf(repository() / ".git/refs/heads" / branch);
  waitUntil("the server sees the commit", [&] {
    const auto answer = http().send("GET", "/api/v1/environments/lab/branch?name=" + branch, asAdmin());
    return answer.status == 200 && answer.body.find(wanted) != std::string::npos;
  });
}

int64_t RunningServer::submit(const std::vector<std::string>& scenarios, const std::string& branch,
                              const std::string& environment) const {
  std::string list;
  for (const auto& scenario : scenarios) {
    if (!list.empty()) list += ',';
    appendJsonText(list, scenario);
  }
  std::string body = R"({"environment":)";
  appendJsonText(body, environment);
  body += R"(,"branch":)";
  appendJsonText(body, branch);
  body += R"(,"scenarios":[)" + list + "]}";
  const auto answer = http().send("POST", "/api/v1/jobs", asAdmin() + kJson, body);
  EXPECT_EQ(answer.status, 201) << answer.body;
  return answer.json().find("id")->integer();
}

Value RunningServer::job(int64_t id) const {
  return http().send("GET", "/api/v1/jobs/" + std::to_string(id), asAdmin()).json();
}

Value RunningServer::ended(int64_t id) const {
  Value last;
  waitUntil("the job has ended", [&] {
    last = job(id);
    const auto* state = last.find("state");
    return state != nullptr && state->text() != "waiting" && state->text() != "in_progress";
  });
  return last;
}

std::string jsonObject(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    appendJsonText(text, name);
    text += ':';
    appendJsonText(text, value);
  }
  return text + "}";
}

}  // namespace testarena::integration
