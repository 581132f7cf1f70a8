// SPDX-License-Identifier: Apache-2.0
#include "breadcrumb.h"

#include <csignal>
#include <cstring>
#include <initializer_list>
#include <unistd.h>

namespace testarena::plugin_host {
namespace {

// constinit: no guard, no allocation, so that a signal handler may read it.
constinit thread_local Breadcrumb current;

void say(const char* text) {
  // In a handler there is nobody to tell that this failed.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

void sayNumber(int number) {
  char digits[12];
  char* at = digits + sizeof digits;
  *--at = '\0';
  do {
    *--at = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  say(at);
}

extern "C" void onCrash(int signal) {
  say("error   testarena: crash by signal ");
  sayNumber(signal);
  if (current.instance != nullptr) {
    say(" in plugin ");
    say(current.instance);
    say(", operation ");
    say(current.operation);
  } else {
    say(", not inside a plugin's operation");
  }
  say("\n");
  // SA_RESETHAND has put the default back: the process ends as it would have, with its core dump and its exit status.
  ::raise(signal);
}

}  // namespace

const Breadcrumb& breadcrumb() {
  return current;
}

BreadcrumbScope::BreadcrumbScope(const char* instance, const char* operation) : outer_(current) {
  current = {instance, operation};
}
BreadcrumbScope::~BreadcrumbScope() {
  current = outer_;
}

void reportCrashes() {
  struct sigaction action {};
  action.sa_handler = onCrash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigaction(signal, &action, nullptr);
}

}  // namespace testarena::plugin_host
