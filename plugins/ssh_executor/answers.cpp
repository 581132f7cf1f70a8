// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

#include <algorithm>
#include <charconv>
#include <exception>

#include <testarena/error.h>

#include "job.h"
#include "split.h"
#include "status.h"
#include "verdict.h"

namespace testarena::ssh_executor {
namespace {

using local_executor::Job;
using local_executor::Notes;
using local_executor::Progress;
using local_executor::RunResult;

int64_t toNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error("no number");
  return number;
}

/// Reads line by line; notes are gathered up to their last line.
class Parser {
 public:
  std::vector<ToldJob> parse(std::string_view answer) {
    git::split(answer, '\n', [&](std::string_view line) { take(line); });
    if (notes_ != nullptr) throw std::runtime_error("a file was cut short");
    return std::move(jobs_);
  }

 private:
  void take(std::string_view line) {
    if (notes_ != nullptr) return takeNote(line);
    const std::size_t space = line.find(' ');
    const std::string_view word = line.substr(0, space);
    const std::string_view rest = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
    if (word == "=job") {
      jobs_.emplace_back().job = rest;
      return;
    }
    if (jobs_.empty()) throw std::runtime_error("no job is named");
    ToldJob& job = jobs_.back();
    if (word == "=unknown") {
      job.isUnknown = true;
    } else if (word == "=record") {
      notes_ = &record_;
    } else if (word == "=ended") {
      job.hasEnded = true;
    } else if (word == "=abort") {
      job.isAborted = true;
    } else if (word == "=begun") {
      job.hasBegun = true;
    } else if (word == "=checkout") {
      job.isCheckedOut = true;
    } else if (word == "=failure") {
      notes_ = &job.failure;
    } else if (word == "=result") {
      job.runs.push_back({std::string(rest), true, 0, {}});
      notes_ = &job.runs.back().notes;
    } else if (word == "=started") {
      const std::size_t gap = rest.find(' ');
      if (gap == std::string_view::npos) throw std::runtime_error("a size is missing");
      job.runs.push_back({std::string(rest.substr(0, gap)), false, toNumber(rest.substr(gap + 1)), {}});
      notes_ = &job.runs.back().notes;
    } else {
      throw std::runtime_error("no such line: " + std::string(line.substr(0, 80)));
    }
  }

  void takeNote(std::string_view line) {
    notes_->append(line).append("\n");
    if (line != "end") return;
    if (notes_ == &record_) {
      jobs_.back().record = std::make_shared<const Record>(readRecord(record_));
      record_.clear();
    }
    notes_ = nullptr;
  }

  std::vector<ToldJob> jobs_;
  std::string record_;
  std::string* notes_ = nullptr;  // what the lines belong to; null: they speak for themselves
};

RunResult resultOf(const ToldJob::Run& run) {
  return local_executor::readRunResult(Notes::parse(run.notes));
}

void applyRun(Job& job, const ToldJob::Run& told, const Record& record) {
  if (told.name == "setup") {
    if (told.hasEnded) {
      RunResult result = resultOf(told);
      const local_executor::Verdict verdict = judge(result, {record.setup_limit_ms, record.output_limit, 0});
      job.finishSetup(std::move(result), verdict);
    } else {
      job.setup = Progress::active;
    }
    return;
  }
  local_executor::Run* run = job.find(told.name);
  if (run == nullptr) return;
  if (told.hasEnded) {
    const int64_t limit = record.run_limits_ms.at(static_cast<std::size_t>(toNumber(told.name)));
    run->result = resultOf(told);
    run->verdict = judge(*run->result, {limit, record.output_limit, 0});
    run->progress = Progress::done;
  } else {
    run->startedAt = Notes::parse(told.notes).optionalNumber("started_at_us");
    run->progress = Progress::active;
  }
}

Job jobOf(const ToldJob& told, const Record& record) {
  Job job(record.order, local_executor::JobFolder({}));
  // While somebody may still begin something of it, an abort is a wish: an end that was told must be the last word.
  job.abortAsked = told.isAborted && told.hasEnded;
  if (told.isCheckedOut) {
    job.checkout = Progress::done;
  } else if (told.hasBegun && !told.hasEnded) {
    job.checkout = Progress::active;
  }
  for (const ToldJob::Run& run : told.runs) applyRun(job, run, record);
  if (!told.failure.empty()) job.fail(Notes::parse(told.failure).text("reason"));
  return job;
}

}  // namespace

std::string_view firstLine(std::string_view text) {
  return text.substr(0, std::min(text.find('\n'), text.size()));
}

std::string_view behindFirstLine(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

int64_t numberAfter(std::string_view line, std::string_view word) {
  int64_t number = 0;
  if (line.substr(0, word.size()) == word) {
    std::from_chars(line.data() + word.size(), line.data() + line.size(), number);
  }
  return number;
}

std::vector<ToldJob> parseStatus(std::string_view answer) {
  try {
    return Parser().parse(answer);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Unavailable(std::string("the machine's answer cannot be read: ") + error.what());
  }
}

JobStatus statusOf(const ToldJob& told, const Record& record) {
  try {
    JobStatus status = local_executor::statusOf(jobOf(told, record));
    if (told.isAborted && !testarena::hasEnded(status.state) && status.reason.empty())
      status.reason = "is being aborted";
    for (const ToldJob::Run& run : told.runs) {
      if (run.hasEnded) continue;
      const int64_t most = record.output_limit > 0 ? std::min(run.log_bytes, record.output_limit) : run.log_bytes;
      if (run.name == "setup") {
        status.log_bytes = most;
      } else if (const auto number = static_cast<std::size_t>(toNumber(run.name)); number < status.runs.size()) {
        status.runs[number].log_bytes = most;
      }
    }
    return status;
  } catch (const std::exception& error) {
    throw Unavailable("the files of job " + told.job + " on the machine cannot be read: " + error.what());
  }
}

std::optional<std::size_t> numberOf(const Record& record, const std::string& scenario, int64_t attempt) {
  const auto& runs = record.order.runs;
  const auto found = std::find_if(runs.begin(), runs.end(), [&](const local_executor::PlannedRun& run) {
    return run.request.scenario == scenario && run.request.attempt == attempt;
  });
  if (found == runs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - runs.begin());
}

}  // namespace testarena::ssh_executor
