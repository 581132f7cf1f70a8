// SPDX-License-Identifier: Apache-2.0
// The manifest is written by whoever can push a branch: any bytes must be read without harm.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/message.h>
#include <testarena/utf8.h>

#include "manifest.h"
#include "scenario_list.h"

namespace testarena::manifest {
namespace {

const std::vector<std::string> kRight = {"[setup]\ncommand = [\"make\"]\n",
                                         "[results]\njunit = [\"*.xml\"]\n",
                                         "[[scenarios]]\nglob = \"**/*.sh\"\ncommand = [\"sh\", \"{path}\"]\n",
                                         "[[scenarios]]\nname = \"a\"\ncommand = [\"x\"]\n",
                                         "[[scenarios]]\nlister = \"ctest\"\n",
                                         "timeout_s = 3\n",
                                         "tags = [\"x\"]\n",
                                         "description = \"y\"\n"};

const std::vector<std::string> kWrong = {"[setup]\n",
                                         "[[scenarios]]\n",
                                         "command = [\"sh\", \"{path}\"]\n",
                                         "build_dir = \"b\"\n",
                                         "timeout_s = -9223372036854775808\n",
                                         "\"\"\"",
                                         "'''",
                                         "\\u0000",
                                         "\\U0010FFFF",
                                         "\\uD800",
                                         "\xff",
                                         "\xEF\xBB\xBF",
                                         "[",
                                         "]",
                                         "{",
                                         "}",
                                         "=",
                                         "\"",
                                         "'",
                                         "\n",
                                         "\r",
                                         ".",
                                         ",",
                                         "#",
                                         "1e999",
                                         "nan",
                                         "0x",
                                         "1979-05-27T07:32:00Z",
                                         "a.b.c = 1\n",
                                         "[a.b]\n",
                                         "{a = 1}",
                                         std::string(1, '\0'),
                                         std::string(200, '['),
                                         std::string(300, '{'),
                                         "a."};

/// Mostly right, so that what is wrong is met in every state of the reader.
std::string randomText(std::mt19937& random) {
  std::string text;
  for (auto left = random() % 6; left > 0; --left) {
    const std::vector<std::string>& pieces = random() % 5 == 0 ? kWrong : kRight;
    text += pieces[random() % pieces.size()];
  }
  for (auto left = random() % 3; left > 0 && !text.empty(); --left) {
    const std::size_t at = random() % text.size();
    switch (random() % 3) {
      case 0:
        text[at] = static_cast<char>(random() % 256);
        break;
      case 1:
        text.erase(at, random() % 8);
        break;
      default:
        text.insert(at, text.substr(random() % text.size(), random() % 20));
    }
  }
  return text;
}

TEST(ManifestMutation, anyBytesAreRead) {
  const char* given = std::getenv("TESTARENA_SEED");
  const unsigned seed = given ? static_cast<unsigned>(std::atoll(given)) : std::random_device()();
  SCOPED_TRACE("TESTARENA_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<SourceFile> files = {{"a.sh", "1"}, {"b/c.sh", "2"}, {"b/\xff.sh", "3"}, {"l.sh", "4", false}};
  std::size_t listed = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = randomText(random);
    const Reading reading = readManifest(text);
    ASSERT_EQ(reading.lines.size(), reading.manifest.scenarios.size());
    const auto lines = static_cast<int64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    const Scan scan = listScenarios(reading, files);
    listed += scan.scenarios.size();
    for (const Diagnostic& diagnostic : scan.diagnostics) {
      ASSERT_TRUE(isUtf8(diagnostic.message) && isUtf8(diagnostic.path)) << text;
      ASSERT_LE(diagnostic.line, lines) << text;
      ASSERT_GE(diagnostic.column, 0) << text;
    }
    // What comes out can cross the boundary, and is right by the same rules.
    ASSERT_NO_THROW(encode(scan)) << text;
    ASSERT_EQ(checkManifest(reading.manifest, "x").manifest, reading.manifest) << text;
  }
  EXPECT_GT(listed, 1000u) << "the pieces make no manifest any more";
}

}  // namespace
}  // namespace testarena::manifest
