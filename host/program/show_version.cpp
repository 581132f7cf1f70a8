// SPDX-License-Identifier: Apache-2.0
#include "show_version.h"

#include <iostream>

#include <testarena/json.h>

#include "build_info.h"
#include "exit_code.h"

namespace testarena {

int showVersion(const char* program, bool json) {
  BuildInfo info = buildInfo();
  info.name = program;
  if (json) {
    std::cout << toJson(info) << "\n";
  } else {
    std::cout << info.name << " " << info.version << " (" << info.commit << ", " << info.compiler << ")\n";
  }
  return kExitOk;
}

}  // namespace testarena
