// SPDX-License-Identifier: Apache-2.0
// Which plugin a thread is in, so that a crash can be attributed.
#pragma once

namespace testarena::plugin_host {

/// Texts that live as long as the program or the scope that left them.
struct Breadcrumb {
  const char* instance = nullptr;  ///< "executor lab-1"; null: this thread is in no plugin
  const char* operation = nullptr;
};

/// This thread's. May be read in a signal handler of the same thread.
const Breadcrumb& breadcrumb();

/// Leaves a breadcrumb for as long as it lives.
class BreadcrumbScope {
 public:
  BreadcrumbScope(const char* instance, const char* operation);
  ~BreadcrumbScope();
  BreadcrumbScope(const BreadcrumbScope&) = delete;
  BreadcrumbScope& operator=(const BreadcrumbScope&) = delete;

 private:
  Breadcrumb outer_;
};

/// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) first writes one line to standard error that names
/// the plugin and the operation, then ends the process as it would have. Called once by main.
void reportCrashes();

}  // namespace testarena::plugin_host
