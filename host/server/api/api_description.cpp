// SPDX-License-Identifier: Apache-2.0
#include "api_description.h"

#include <testarena/error.h>
#include <testarena/executor.h>
#include <testarena/json_schema.h>

#include "api_records.h"
#include "build_info.h"
#include "discovery.h"
#include "job_list.h"
#include "jobs.h"
#include "views.h"

namespace testarena::server {
namespace {

template <class Record>
void append(std::string& schemas, std::string_view name) {
  schemas.append("\"").append(name).append("\":").append(jsonSchema<Record>()).append(",");
}

}  // namespace

std::string withRecordSchemas(std::string_view document) {
  std::string schemas;
  append<Artifacts>(schemas, "Artifacts");
  append<BranchView>(schemas, "BranchView");
  append<BranchesView>(schemas, "BranchesView");
  append<BuildInfo>(schemas, "BuildInfo");
  append<EnvironmentsView>(schemas, "EnvironmentsView");
  append<JobListView>(schemas, "JobListView");
  append<JobOrder>(schemas, "JobOrder");
  append<JobView>(schemas, "JobView");
  append<Readiness>(schemas, "Readiness");
  append<ScenarioList>(schemas, "ScenarioList");
  append<SessionView>(schemas, "SessionView");

  static constexpr std::string_view kPlace = "\"schemas\":{";
  const auto place = document.find(kPlace);
  if (place == std::string_view::npos) throw Internal("doc/openapi.yaml has no components.schemas");
  std::string complete(document);
  return complete.insert(place + kPlace.size(), schemas);
}

}  // namespace testarena::server
