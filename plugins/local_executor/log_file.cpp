// SPDX-License-Identifier: Apache-2.0
#include "log_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <testarena/error.h>

#include "descriptor.h"
#include "durable.h"

namespace testarena::local_executor {
namespace {

constexpr int64_t kLongestPart = int64_t{64} << 20;

LogPlace placeOfSetup(const Job& job) {
  if (job.setupResult) return {job.folder().setup().log(), job.setupResult->log_bytes};
  if (job.setup == Progress::active) return {job.folder().setup().log(), std::nullopt};
  if (job.order().setup.empty() || job.hasEnded()) return {{}, 0};
  return {};
}

}  // namespace

LogPlace placeOfLog(const Job* job, const LogRequest& request) {
  if (job == nullptr) throw NotFound("there is no job " + request.job);
  if (request.scenario.empty()) return placeOfSetup(*job);
  const Run* run = job->find(request.scenario, request.attempt);
  if (run == nullptr) {
    throw NotFound("job " + request.job + " has no run of '" + request.scenario + "' with attempt " +
                   std::to_string(request.attempt));
  }
  const std::filesystem::path file = job->folder().run(run->folder).log();
  if (run->result) return {file, run->result->log_bytes};
  if (run->progress == Progress::active) return {file, std::nullopt};
  if (testarena::hasEnded(job->stateOf(*run))) return {{}, 0};
  return {};
}

LogPart readLog(const LogPlace& place, int64_t offset, int64_t limit) {
  if (place.file.empty() || (place.final && *place.final == 0))
    return readPart(-1, 0, place.final.has_value(), offset, limit);
  const process::Descriptor file(open(place.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const bool isMissing = !file && errno == ENOENT;
  if (isMissing && !place.final) return readPart(-1, 0, false, offset, limit);  // it is about to be made
  struct stat status = {};
  if (!isMissing && (!file || fstat(file.get(), &status) != 0)) throwErrno("open", place.file);
  if (place.final && status.st_size < *place.final && offset >= status.st_size) {
    throw OutOfRange("the log has lost its end: " + std::to_string(status.st_size) + " bytes are left of " +
                     std::to_string(*place.final));
  }
  return readPart(file.get(), place.final.value_or(status.st_size), place.final.has_value(), offset, limit);
}

LogPart readPart(int file, int64_t size, bool isFinal, int64_t offset, int64_t limit) {
  if (offset < 0) throw Invalid("an offset is not negative", "/offset");
  if (limit < 1) throw Invalid("a limit is at least 1", "/limit");
  LogPart part;
  const int64_t wanted = std::min({limit, kLongestPart, std::max<int64_t>(0, size - offset)});
  std::string data(static_cast<std::size_t>(wanted), '\0');
  std::size_t have = 0;
  while (have < data.size()) {
    const ssize_t count = pread(file, data.data() + have, data.size() - have, offset + static_cast<off_t>(have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throwErrno("read", "a log");
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  data.resize(have);
  part.complete = isFinal && offset + static_cast<int64_t>(have) >= size;
  part.data = Bytes(std::move(data));
  return part;
}

}  // namespace testarena::local_executor
