// SPDX-License-Identifier: Apache-2.0
// Where the plugins of fixtures/ are, and copies of them that a test may spoil.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace testarena::test {

inline std::filesystem::path fixtureFolder() {
  return TESTARENA_FIXTURES;
}
inline std::filesystem::path fixture(const std::string& name) {
  return fixtureFolder() / (name + ".so");
}

inline std::string contentOf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace testarena::test
