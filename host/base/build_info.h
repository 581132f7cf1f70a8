// SPDX-License-Identifier: Apache-2.0
// Which build this is.
#pragma once

#include <string>

#include <testarena/record.h>

namespace testarena {

struct BuildInfo {
  std::string name;
  std::string version;
  std::string commit;
  std::string compiler;
  TA_FIELDS(name, version, commit, compiler)
};

const BuildInfo& buildInfo();

}  // namespace testarena
