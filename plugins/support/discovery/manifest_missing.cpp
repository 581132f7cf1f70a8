// SPDX-License-Identifier: Apache-2.0
#include "manifest_missing.h"

#include "manifest.h"

namespace testarena {

Diagnostic manifestMissing() {
  return {std::string(manifest::kFileName), 0, 0,
          "the commit has no such file, and the server's configuration names no scenarios for it: add the file to say "
          "what can be run"};
}

}  // namespace testarena
