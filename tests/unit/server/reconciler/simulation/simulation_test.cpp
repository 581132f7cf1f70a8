// SPDX-License-Identifier: Apache-2.0
// The reconciler in simulated time against a remote and a storage that go wrong at any call, with a host that is killed
// at any call. Every seed is one plan; a plan that breaks a promise is made small and printed.
//   TESTARENA_SEEDS=1000000  how many; TESTARENA_SEED=17  only this one
#include "simulation.h"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "log.h"
#include "temporary_folder.h"

namespace testarena::server::simulation {
namespace {

/// What the reconciler logs of the faults would fill the screen.
class Simulation : public testing::Test {
 protected:
  void SetUp() override {
    configureLog({LogFormat::text, LogSeverity::error, [](std::string_view) {}});
  }
};

std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// In memory where that is possible: a plan is simulated in less time than a disk needs to keep one log.
std::filesystem::path folderIn(const test::TemporaryFolder& temporary) {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const auto folder = memory / temporary.path().filename();
  return std::filesystem::create_directory(folder, error) ? folder : temporary.path() / "logs";
}

TEST_F(Simulation, noPromiseIsBrokenWhateverGoesWrong) {
  const test::TemporaryFolder temporary;
  const std::filesystem::path folder = folderIn(temporary);
  const std::uint64_t only = numberFrom("TESTARENA_SEED", 0);
  const std::uint64_t first = only == 0 ? 1 : only;
  const std::uint64_t last = only == 0 ? numberFrom("TESTARENA_SEEDS", 10'000) : only;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Plan plan = makePlan(seed);
    const std::string broken = simulate(plan, seed, folder);
    if (broken.empty()) continue;
    const Plan smaller = shrink(plan, seed, folder);
    ADD_FAILURE() << "seed " << seed << ": " << broken << "\nmade smaller: " << simulate(smaller, seed, folder) << "\n"
                  << describe(smaller);
    break;
  }
  std::filesystem::remove_all(folder);
}

TEST_F(Simulation, aSeedIsTheSameEveryTime) {
  const test::TemporaryFolder temporary;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(describe(makePlan(seed)), describe(makePlan(seed)));
    EXPECT_EQ(simulate(makePlan(seed), seed, temporary.path() / "logs"),
              simulate(makePlan(seed), seed, temporary.path() / "logs"));
  }
}

}  // namespace
}  // namespace testarena::server::simulation
