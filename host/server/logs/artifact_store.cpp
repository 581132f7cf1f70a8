// SPDX-License-Identifier: Apache-2.0
#include "artifact_store.h"

#include <algorithm>
#include <fstream>

#include <testarena/json.h>

#include "files.h"
#include "json_reader.h"

namespace testarena::server {
namespace fs = std::filesystem;
namespace {
constexpr size_t kIndexLimit = 16 << 20;
constexpr int64_t kMaximumRead = 64 << 20;
}  // namespace

fs::path ArtifactStore::folderOf(const LogId& run) const {
  return logs_.fileOf(run).replace_extension(".artifacts");
}

bool ArtifactStore::isKept(const LogId& run) const {
  return fs::exists(folderOf(run) / "index.json");
}

Artifacts ArtifactStore::list(const LogId& run) const {
  const auto index = folderOf(run) / "index.json";
  if (!fs::exists(index)) return {};
  return readJson<Artifacts>(readFile(index, kIndexLimit), {kIndexLimit, 8});
}

std::string ArtifactStore::read(const LogId& run, size_t number, int64_t offset, int64_t limit) const {
  std::ifstream file(folderOf(run) / std::to_string(number), std::ios::binary);
  if (!file) throw NotFound("this artifact is not kept");
  const int64_t there = std::max<int64_t>(0, received(run, number) - offset);
  file.seekg(offset);
  std::string bytes(static_cast<size_t>(std::clamp<int64_t>(limit, 0, std::min(there, kMaximumRead))), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(0, file.gcount())));
  return bytes;
}

int64_t ArtifactStore::received(const LogId& run, size_t number) const {
  std::error_code none;
  const auto size = fs::file_size(folderOf(run) / std::to_string(number), none);
  return none ? 0 : static_cast<int64_t>(size);
}

void ArtifactStore::append(const LogId& run, size_t number, std::string_view bytes) {
  const auto file = folderOf(run) / std::to_string(number);
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out) throw Exhausted("cannot write " + file.string() + "; is the data folder's disk full?");
}

void ArtifactStore::finish(const LogId& run, const Artifacts& artifacts) {
  const auto folder = folderOf(run);
  fs::create_directories(folder);
  // All before the index, which says that they are kept: the remote's copies go then.
  for (size_t i = 0; i < artifacts.artifacts.size(); ++i) {
    if (const auto file = folder / std::to_string(i); fs::exists(file)) makeDurable(file);
  }
  makeDurable(folder.parent_path());
  writeFileAtomically(folder / "index.json", toJson(artifacts), 0600);
}

}  // namespace testarena::server
