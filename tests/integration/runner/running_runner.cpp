// SPDX-License-Identifier: Apache-2.0
#include "running_runner.h"

#include <csignal>
#include <fstream>
#include <sys/wait.h>

#include <testarena/json.h>

#include "json_reader.h"

namespace testarena::integration {
namespace fs = std::filesystem;
namespace {

constexpr const char* kManifest = R"toml(
[[scenarios]]
glob = "checks/*.sh"
command = ["sh", "{path}"]
timeout_s = 120

[results]
artifacts = ["kept/*"]
)toml";

}  // namespace

Outcome runProgram(const std::vector<std::string>& arguments) {
  const test::TemporaryFolder folder;
  const fs::path output = folder / "output";
  Outcome outcome;
  outcome.status = waitForEnd(spawn(arguments, output));
  outcome.output = contentOf(output);
  return outcome;
}

RunningRunner::RunningRunner() : RunningRunner(Options()) {}

RunningRunner::RunningRunner(Options options) : options_(std::move(options)), repository_(folder_ / "repository") {
  repository_.write(".testarena.toml", kManifest);
  repository_.write("checks/passes.sh", "echo it works\n");
  repository_.write("checks/fails.sh", "echo it does not >&2\nexit 3\n");
  repository_.write("checks/waits.sh", "echo waiting\nsleep 600\n");
  repository_.commit("scenarios");
  writeConfig(options_);
  start();
}

RunningRunner::~RunningRunner() {
  if (process_ > 0) {
    try {  // what a test has left running ends with it
      const Value queues = parseJson(get("/api/queues").body, {64 << 20, 16});
      for (const Value& queue : queues.list()) remove("/api/delete/" + queue.find("id")->text());
    } catch (const std::exception&) {
    }
    EXPECT_EQ(stop(SIGTERM), 0) << "it ends well, and no sanitizer has a complaint";
  }
  if (::testing::Test::HasFailure()) std::fprintf(stderr, "--- the runner's log ---\n%s\n", logText().c_str());
}

void RunningRunner::writeConfig(const Options& options) const {
  std::string executor = options.executorTables;
  if (executor.empty())
    executor = "[executor]\nrepository = \"@REPOSITORY@\"\nabort_grace = \"500ms\"\n" + options.executor;
  const std::string place = "@REPOSITORY@";
  const auto at = executor.find(place);
  if (at != std::string::npos) executor.replace(at, place.size(), repository_.path().string());
  std::ofstream(config()) << "[server]\nlisten = \"127.0.0.1:0\"\ndata = \"data\"\n"
                          << options.server << "\n[runner]\n"
                          << options.runner << "\n"
                          << executor << "\n"
                          << options.more;
}

void RunningRunner::start() {
  fs::remove(folder_ / "data/address");
  process_ = spawn({TESTARENA_RUNNER, "serve", "--config", config().string()}, folder_ / "runner.log");
  waitUntil("the runner serves", [&] {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      throw std::runtime_error("the runner ended:\n" + logText());
    }
    return fs::exists(folder_ / "data/address");
  });
}

int RunningRunner::stop(int signal) {
  ::kill(process_, signal);
  const int status = waitForEnd(process_);
  process_ = -1;
  return status;
}

void RunningRunner::signal(int number) const {
  ::kill(process_, number);
}

std::string RunningRunner::address() const {
  return lineOf(folder_ / "data/address");
}

std::string RunningRunner::logText() const {
  return contentOf(folder_ / "runner.log");
}

std::string RunningRunner::script(const std::string& name, const std::string& text) {
  repository_.write("checks/" + name + ".sh", text);
  return repository_.commit("script " + name);
}

Answer RunningRunner::get(const std::string& path, const Headers& headers) const {
  return HttpClient(address()).send("GET", path, headers);
}

Answer RunningRunner::post(const std::string& path, const std::string& body, const Headers& headers) const {
  return HttpClient(address()).send("POST", path, headers, body);
}

Answer RunningRunner::remove(const std::string& path, const Headers& headers) const {
  return HttpClient(address()).send("DELETE", path, headers);
}

std::string RunningRunner::body(const std::string& id, const std::vector<std::string>& scenarios,
                                const std::string& extras) {
  std::string text = "{\"source\":\"main\",";
  appendJsonText(text, id);
  text += ":[\"lab\",{";
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    if (i > 0) text += ',';
    appendJsonText(text, id + "-" + std::to_string(i + 1));
    text += ':';
    appendJsonText(text, scenarios[i]);
  }
  return text + "}" + (extras.empty() ? "" : "," + extras) + "]}";
}

void RunningRunner::queue(const std::string& id, const std::vector<std::string>& scenarios,
                          const std::string& extras) const {
  const Answer answer = post("/api/queue", body(id, scenarios, extras));
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(answer.body, R"({"status":"Queue OK","queue_id":")" + id + "\"}");
}

std::string RunningRunner::status(const std::string& id) const {
  const Answer answer = get("/api/status/" + id);
  if (answer.status == 404) return {};
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.json().find("status")->text();
}

void RunningRunner::waitFor(const std::string& id, const std::string& wanted) const {
  waitUntil(id + " is " + wanted, [&] { return status(id) == wanted; });
}

}  // namespace testarena::integration
