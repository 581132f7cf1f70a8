// SPDX-License-Identifier: Apache-2.0
// The two routes that scripts of earlier TestArena installations use, with their own fields, words and errors.
// doc/openapi.yaml describes them.
#include <cctype>
#include <map>

#include <testarena/json.h>

#include "handlers.h"
#include "json_reader.h"
#include "parameters.h"
#include "problem.h"

namespace testarena::server {
namespace {

struct SubmitBody {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> branch_name;
  std::optional<std::vector<std::string>> scenarios;
  TA_FIELDS(username, password, branch_name, scenarios)
};

struct SubmitAnswer {
  bool success = true;
  int64_t job_id = 0;
  std::string status;
  bool remote_triggered = true;
  std::string message;
  TA_FIELDS(success, job_id, status, remote_triggered, message)
};

struct ErrorAnswer {
  std::string error;
  TA_FIELDS(error)
};

struct JobAnswer {
  int64_t job_id = 0;
  std::string status;
  std::string branch_name;
  std::vector<std::string> scenarios;
  std::map<std::string, std::vector<std::string>> remote_results;  ///< name to ["PASS"|"FAIL", address of the report]
  Time created_at{};
  std::optional<Time> completed_at;
  std::optional<std::string> remote_queue_id;
  TA_FIELDS(job_id, status, branch_name, scenarios, remote_results, created_at, completed_at, remote_queue_id)
};

constexpr const char* kMissingFields = "Missing required fields: username, password, branch_name, scenarios";

http::Response error(int status, const std::string& text) {
  return http::Response::json(toJson(ErrorAnswer{text}), status);
}

/// These clients know no `errored`.
std::string compatibleState(State state) {
  return std::string(enumName(state == State::errored ? State::failed : state));
}

std::string percentEncoded(const std::string& text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const unsigned char c : text) {
    if (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      encoded += static_cast<char>(c);
    } else {
      encoded.append({'%', kDigits[c >> 4], kDigits[c & 15]});
    }
  }
  return encoded;
}

/// The address of our page of a run, as the client reaches this server.
std::string pageOf(const http::Request& request, int64_t job, const Run& run) {
  const std::string origin = (request.origin().secure ? "https://" : "http://") + std::string(request.host());
  return origin + "/jobs/" + std::to_string(job) + "?tab=logs&scenario=" + percentEncoded(run.scenario) +
         "&attempt=" + std::to_string(run.attempt);
}

http::Response submit(Services& services, const Visit& visit) {
  SubmitBody body;
  try {
    body = readJson<SubmitBody>(visit.request.body());
  } catch (const JsonRefused& refused) {
    return error(400, refused.what());
  }
  if (!body.username || !body.password || !body.branch_name || !body.scenarios) return error(400, kMissingFields);

  Actor actor;
  try {
    actor = services.accounts.checkPassword(*body.username, *body.password, visit.request.origin().client);
  } catch (const WrongPassword&) {
    return error(401, "Invalid credentials");
  }
  if (!actor.atLeast(Role::user)) return error(403, "This account may look, but not submit jobs");
  const JobOrder order{services.environments.standard().name(), *body.branch_name, *body.scenarios, {}};
  const auto submitted = services.jobs.submit(actor, order, "");
  SubmitAnswer answer;
  answer.job_id = submitted.job.row.id;
  answer.status = compatibleState(submitted.job.row.state);
  answer.message = "Job submitted successfully";
  return http::Response::json(toJson(answer));
}

}  // namespace

http::Response submitCompatibleJob(Services& services, const Visit& visit) {
  try {
    return submit(services, visit);
  } catch (const TooManyLogins& wait) {
    auto response = error(429, wait.what());
    response.setHeader("Retry-After", std::to_string(wait.wait().count()));
    return response;
  } catch (const Error& refused) {
    const int status = http::statusOf(refused);
    return error(status == 404 || status == 409 ? 400 : status, refused.what());
  }
}

http::Response showCompatibleJob(Services& services, const Visit& visit) {
  Job job;
  try {
    job = services.jobs.get(http::idFrom(visit.path.at("id"), "job"));
  } catch (const NotFound&) {
    return error(404, "Job not found");
  }
  JobAnswer answer;
  answer.job_id = job.row.id;
  answer.status = compatibleState(job.row.state);
  answer.branch_name = job.row.branch;
  answer.created_at = job.row.created_at;
  answer.completed_at = job.row.finished_at;
  if (job.progress.phase != Phase::unsent) {
    answer.remote_queue_id = job.progress.handle.empty() ? std::to_string(job.row.id) : job.progress.handle;
  }
  for (const auto& run : job.runs) {
    answer.scenarios.push_back(run.scenario);
    if (!hasEnded(run.state)) continue;
    const bool passed = run.state == State::passed || run.state == State::skipped;
    answer.remote_results[run.scenario] = {
        passed ? "PASS" : "FAIL", run.report_url.empty() ? pageOf(visit.request, job.row.id, run) : run.report_url};
  }
  return http::Response::json(toJson(answer));
}

}  // namespace testarena::server
