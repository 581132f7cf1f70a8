// SPDX-License-Identifier: Apache-2.0
// A whole plugin: an executor for an imaginary farm where every scenario passes at once. Put your own remote there.
#include <testarena/executor.h>
#include <testarena/plugin.h>

using namespace testarena;

class FarmExecutor final : public Executor {
 public:
  struct Settings {  // the keys of the configuration, checked and completed by the host as the manifest below says
    std::string url;
    int64_t slots = 4;
    TA_FIELDS(url, slots)
  };
  FarmExecutor(const Settings& settings, const Host& host) : slots_(settings.slots) { host.info(settings.url); }

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override { return {}; }

  Submitted submit(const Submission& job, Call&) override {  // a real one asks its remote instead
    const auto [known, isNew] = jobs_.emplace(job.job, job);
    if (!isNew && known->second != job) throw Conflict("job " + job.job + " is known with other content");
    return {"farm-" + job.job};
  }

  StatusAnswer status(const StatusRequest& request, Call&) override {
    StatusAnswer answer;
    for (const JobRef& ref : request.jobs) {
      JobStatus& job = answer.jobs.emplace_back();  // one answer for each, in the order asked; at first `unknown`
      job.job = ref.job;
      const auto known = jobs_.find(ref.job);
      if (known == jobs_.end()) continue;  // to forget a job is no error and must not spoil the others
      job.state = State::passed;
      for (const RunRequest& run : known->second.runs) {
        RunStatus& told = job.runs.emplace_back();
        told.scenario = run.scenario;
        told.attempt = run.attempt;
        told.state = State::passed;
      }
    }
    return answer;
  }

  LogPart read_log(const LogRequest&, Call&) override { return {true, {}}; }
  None abort(const JobRef&, Call&) override { return {}; }  // all jobs have ended: nothing to do is no error
  None remove(const JobRef& ref, Call&) override { return jobs_.erase(ref.job), None{}; }
  Health health(const HealthRequest&, Call&) override { return {HealthState::ok, "", "1.0", slots_, 0, 0}; }

 private:
  const int64_t slots_;
  std::map<std::string, Submission> jobs_;  // needs no mutex: without `max_concurrency` there is one call at a time
};

constexpr char kManifest[] = R"({
  "name": "farm_executor", "version": "1.0.0", "description": "Runs scenarios on the farm",
  "interfaces": [{"id": "executor/1", "config": {
    "type": "object", "additionalProperties": false, "required": ["url"], "properties": {
      "url": {"type": "string", "format": "uri", "description": "Where the farm listens"},
      "slots": {"type": "integer", "minimum": 1, "default": 4, "description": "How many runs the farm takes at once"}}}}]})";
TESTARENA_PLUGIN(kManifest, TA_OFFER(Executor, FarmExecutor))
