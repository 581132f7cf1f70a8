// SPDX-License-Identifier: Apache-2.0
#include "load_job.h"

#include <stdexcept>

#include "conclusion.h"
#include "durable.h"

namespace testarena::local_executor {
namespace {

void loadRun(Job& job, const JobFolder& folder, Run& run) {
  const RunFolder files = folder.run(run.folder);
  if (std::optional<Ended> ended = readEnded(files, needsConclusion(job.order(), run.plan))) {
    run.progress = Progress::done;
    run.result = std::move(ended->result);
    run.verdict = std::move(ended->verdict);
  } else if (files.result() || files.startMark() || files.isSupervised()) {
    run.progress = Progress::active;
  }
  if (run.progress != Progress::done && readIfThere(folder.abortMark(run.folder))) job.abortRun(run);
}

void loadExpansions(Job& job, const JobFolder& folder) {
  for (std::size_t i = 0; i < job.order().runs.size(); ++i) {
    const std::string name = std::to_string(i);
    if (job.order().runs[i].lister.empty()) continue;
    const std::optional<std::string> text = readIfThere(folder.expansion(name));
    if (text) job.expand(name, readRunPlans(Notes::parse(*text)));
  }
}

}  // namespace

std::string bootId() {
  std::string id = readIfThere("/proc/sys/kernel/random/boot_id").value_or("");
  if (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

VerdictLimits limitsOf(const RunFolder& folder) {
  try {
    const std::optional<RunOrder> order = folder.order();
    if (order) return {order->time_limit_ms, order->output_limit, order->process_limit};
  } catch (const std::exception&) {  // only a number in a sentence is lost
  }
  return {};
}

std::optional<Ended> readEnded(const RunFolder& folder, bool needsConclusion) {
  const std::optional<RunResult> result = folder.result();
  if (!result) return std::nullopt;
  if (!needsConclusion) return Ended{*result, judge(*result, limitsOf(folder))};
  const std::optional<Verdict> verdict = readVerdict(folder);
  if (!verdict) return std::nullopt;
  return Ended{*result, *verdict};
}

std::shared_ptr<Job> loadJob(const JobFolder& folder) {
  const std::optional<std::string> order = readIfThere(folder.order());
  if (!order) throw std::runtime_error("it has no order");
  auto job = std::make_shared<Job>(readJobOrder(Notes::parse(*order)), folder);
  job->abortAsked = readIfThere(folder.abortMark()).has_value();
  if (const std::optional<std::string> failure = readIfThere(folder.failure())) {
    job->fail(Notes::parse(*failure).text("reason"));
  }
  if (std::filesystem::exists(folder.checkout())) job->checkout = Progress::done;
  if (!job->order().setup.empty()) {
    const RunFolder setup = folder.setup();
    if (std::optional<Ended> ended = readEnded(setup, false)) {
      job->finishSetup(std::move(ended->result), ended->verdict);
    } else if (setup.startMark() || setup.isSupervised()) {
      job->setup = Progress::active;
    }
  }
  loadExpansions(*job, folder);
  std::vector<std::string> runs;
  for (const Run& run : job->runs()) runs.push_back(run.folder);
  for (const std::string& run : runs) loadRun(*job, folder, *job->find(run));
  const std::optional<std::string> boot = readIfThere(folder.begun());
  if (boot && *boot != bootId() && !job->hasEnded()) {
    job->fail("the machine was started again while the job was running");
  }
  return job;
}

}  // namespace testarena::local_executor
