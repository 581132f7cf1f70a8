// SPDX-License-Identifier: Apache-2.0
#include "run_program.h"

#include <exception>
#include <iostream>

#include "exit_code.h"
#include "problems.h"
#include "refused.h"

namespace testarena {

int runProgram(const char* name, int (*run)(int argc, char** argv), int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const ConfigurationError& error) {
    std::cerr << error.what() << "\n";
    return kExitConfiguration;
  } catch (const plugin_host::Refused& error) {
    std::cerr << name << ": " << error.what() << "\n";
    return kExitConfiguration;
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << "\n";
    return kExitFailed;
  }
}

}  // namespace testarena
