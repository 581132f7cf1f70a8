// SPDX-License-Identifier: Apache-2.0
// The places where jobs can run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <testarena/discoverer.h>
#include <testarena/executor.h>

#include "discovery.h"
#include "reconciler.h"
#include "reconciler_thread.h"

namespace testarena::server {

/// A named pair of executor and discoverer, and the threads that look after its jobs.
class Environment {
 public:
  Environment(std::string name, std::string executorPlugin, std::unique_ptr<Executor> executor,
              std::string discovererPlugin, std::unique_ptr<Discoverer> discoverer, ReconcilerOptions options,
              Storage& storage, LogStore& logs, JobEvents& events, const Clock& clock, Random& random);

  const std::string& name() const { return name_; }
  const std::string& executorPlugin() const { return executorPlugin_; }
  const std::string& discovererPlugin() const { return discovererPlugin_; }
  Discovery& discovery() { return discovery_; }
  const Reconciler& reconciler() const { return reconciler_; }

  /// Begins to move jobs on.
  void start();
  void stop();
  /// The row of a job was written.
  void wake(int64_t job);

 private:
  const std::string name_;
  const std::string executorPlugin_;
  const std::string discovererPlugin_;
  const std::unique_ptr<Executor> executor_;
  const std::unique_ptr<Discoverer> discoverer_;
  Discovery discovery_;
  Reconciler reconciler_;
  std::unique_ptr<ReconcilerThread> thread_;
};

/// All of them, in the order of the configuration. Constant after start-up; any thread.
class Environments {
 public:
  explicit Environments(std::string defaultName) : defaultName_(std::move(defaultName)) {}

  void add(std::unique_ptr<Environment> environment) { all_.push_back(std::move(environment)); }
  const std::vector<std::unique_ptr<Environment>>& all() const { return all_; }

  /// `NotFound`, naming those that exist.
  Environment& get(const std::string& name) const;
  /// Null where the configuration no longer has it.
  Environment* find(const std::string& name) const;
  /// What clients get who name none: the configured one, else the first.
  Environment& standard() const;

  /// Puts what a job that has not ended waits for in place of its reason.
  void explain(JobRow& row) const;
  void explain(Job& job) const;
  /// Differs whenever `explain` may say something else though no row has changed.
  uint64_t generation() const;

  void start();
  void stop();

 private:
  const std::string defaultName_;
  std::vector<std::unique_ptr<Environment>> all_;
};

}  // namespace testarena::server
