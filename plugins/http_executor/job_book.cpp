// SPDX-License-Identifier: Apache-2.0
#include "job_book.h"

#include <fstream>
#include <iterator>
#include <system_error>

#include <testarena/error.h>
#include <testarena/json.h>

#include "durable_file.h"
#include "json_record.h"

namespace testarena::http_executor {

std::optional<JobRecord> JobBook::load(const std::string& job) const {
  std::ifstream in(fileOf(job), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    auto record = json::read<JobRecord>(text);
    if (record.submission.job != job || record.runs.size() != record.submission.runs.size()) {
      throw Invalid("it is about another job");
    }
    return record;
  } catch (const Invalid& error) {
    throw Internal(fileOf(job).string() + " is damaged: " + error.what());
  }
}

void JobBook::save(const JobRecord& record) const {
  const std::lock_guard lock(mutex_);
  writeDurably(fileOf(record.submission.job), toJson(record));  // an id never begins with a dot, as a draft does
}

void JobBook::forget(const std::string& job) const {
  std::error_code ignored;
  std::filesystem::remove(fileOf(job), ignored);
}

}  // namespace testarena::http_executor
