// SPDX-License-Identifier: Apache-2.0
// Where the files of a job are.
#pragma once

#include <filesystem>
#include <string>

#include "run_folder.h"

namespace testarena::local_executor {

///  order          the job as accepted (job_order.h)
///  abort          there as soon as an abort or a removal was asked for; the supervisors watch for it
///  abort-N, -N.M  the same for one run; watched for as `abort` is
///  begun          id of the boot in which its work began: what a machine that stopped has left is not to be trusted
///  failure        why the job could not be prepared; all that has not begun is errored
///  checkout/      the commit's files: the work folder of setup and runs; there only when whole
///  setup/         a run folder (run_folder.h)
///  expansion-N    the runs that the listing of run N has named
///  runs/N, N.M/   run folders: of run N of the order, of test M of its expansion
class JobFolder {
 public:
  explicit JobFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path order() const { return path_ / "order"; }
  std::filesystem::path abortMark() const { return path_ / "abort"; }
  std::filesystem::path abortMark(const std::string& run) const { return path_ / ("abort-" + run); }
  std::filesystem::path begun() const { return path_ / "begun"; }
  std::filesystem::path failure() const { return path_ / "failure"; }
  std::filesystem::path checkout() const { return path_ / "checkout"; }
  std::filesystem::path expansion(const std::string& run) const { return path_ / ("expansion-" + run); }
  std::filesystem::path runs() const { return path_ / "runs"; }
  RunFolder setup() const { return RunFolder(path_ / "setup"); }
  RunFolder run(const std::string& name) const { return RunFolder(runs() / name); }

 private:
  std::filesystem::path path_;
};

}  // namespace testarena::local_executor
