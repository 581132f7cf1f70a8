// SPDX-License-Identifier: Apache-2.0
#include "queue_form.h"

#include <testarena/json.h>

#include "submission_check.h"

namespace testarena::http_executor {

std::string taskOf(const std::string& queue, std::size_t index) {
  const std::string end = "-" + std::to_string(index + 1);
  if (queue.size() + end.size() <= kMostOfAnId) return queue + end;
  std::uint64_t digest = 14'695'981'039'346'656'037u;  // FNV-1a
  for (const char c : queue) digest = (digest ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  const std::string middle = "." + std::to_string(digest);
  return queue.substr(0, kMostOfAnId - middle.size() - end.size()) + middle + end;
}

std::string queueBody(const Profile& profile, const Submission& submission, const std::string& extra) {
  const std::string queue = profile.queueOf(submission.job);
  std::string body = "{\"source\":";
  appendJson(body, submission.branch);
  body += ',';
  appendJson(body, queue);
  body += ":[";
  appendJson(body, profile.environment);
  for (std::size_t i = 0; i < submission.runs.size(); ++i) {
    const RunRequest& run = submission.runs[i];
    body += i == 0 ? ",{" : ",";
    appendJson(body, taskOf(queue, i));
    body += ':';
    appendJson(body, run.path.empty() ? run.scenario : run.path);
  }
  body += '}';
  if (!extra.empty()) body += "," + extra;
  return body + "]}";
}

}  // namespace testarena::http_executor
