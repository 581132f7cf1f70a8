// SPDX-License-Identifier: Apache-2.0
#include "runner_memory.h"

#include <fstream>

#include "durable_file.h"

namespace testarena::http_executor {

bool RunnerMemory::remembers(const std::string& address) const {
  std::ifstream in(file_);
  std::string line;
  return std::getline(in, line) && line == address;
}

void RunnerMemory::remember(const std::string& address) const {
  if (!remembers(address)) writeDurably(file_, address + "\n");
}

}  // namespace testarena::http_executor
