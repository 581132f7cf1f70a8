// SPDX-License-Identifier: Apache-2.0
#include "environments.h"

#include <utility>

#include "text.h"

namespace testarena::server {

Environment::Environment(std::string name, std::string executorPlugin, std::unique_ptr<Executor> executor,
                         std::string discovererPlugin, std::unique_ptr<Discoverer> discoverer,
                         ReconcilerOptions options, Storage& storage, LogStore& logs, JobEvents& events,
                         const Clock& clock, Random& random)
    : name_(std::move(name)),
      executorPlugin_(std::move(executorPlugin)),
      discovererPlugin_(std::move(discovererPlugin)),
      executor_(std::move(executor)),
      discoverer_(std::move(discoverer)),
      discovery_(name_, *discoverer_, storage, clock),
      reconciler_(std::move(options), storage, *executor_, logs, events, clock, random) {}

void Environment::start() {
  thread_ = std::make_unique<ReconcilerThread>(reconciler_, *executor_, name_);
}

void Environment::stop() {
  thread_.reset();
}

void Environment::wake(int64_t job) {
  if (thread_) thread_->wake(job);
}

Environment* Environments::find(const std::string& name) const {
  for (const auto& environment : all_) {
    if (environment->name() == name) return environment.get();
  }
  return nullptr;
}

Environment& Environments::get(const std::string& name) const {
  if (auto* environment = find(name)) return *environment;
  std::vector<std::string> names;
  for (const auto& environment : all_) names.push_back(environment->name());
  throw NotFound(
      "there is no environment '" + name + "'" + didYouMean(name, names) + "; there are: " + join(names, ", "),
      "/environment");
}

Environment& Environments::standard() const {
  return defaultName_.empty() ? *all_.front() : get(defaultName_);
}

void Environments::explain(JobRow& row) const {
  if (const auto* environment = find(row.environment)) return environment->reconciler().explain(row);
  row.reason = reasonShownWithoutEnvironment(row);
}

void Environments::explain(Job& job) const {
  if (const auto* environment = find(job.row.environment)) return environment->reconciler().explain(job);
  job.row.reason = reasonShownWithoutEnvironment(job.row);
}

uint64_t Environments::generation() const {
  uint64_t sum = 0;
  for (const auto& environment : all_) sum += environment->reconciler().generation();
  return sum;
}

void Environments::start() {
  for (const auto& environment : all_) environment->start();
}

void Environments::stop() {
  for (const auto& environment : all_) environment->stop();
}

}  // namespace testarena::server
