// SPDX-License-Identifier: Apache-2.0
#include "remote_manifest.h"

#include <algorithm>

#include <testarena/error.h>

namespace testarena::ssh {

ReadCommit readCommit(RemoteRepository& repository, const std::string& commit, const manifest::Manifest& fallback,
                      std::string_view fallback_place, const Call& call) {
  ReadCommit read;
  const std::vector<git::File> files = repository.files(commit, call);
  for (const git::File& file : files) {
    read.files.push_back({file.path, file.object, file.kind == git::FileKind::regular});
  }
  const std::string path(manifest::kFileName);
  const auto file = std::find_if(files.begin(), files.end(), [&](const git::File& each) { return each.path == path; });
  if (file == files.end()) {
    read.reading = manifest::checkManifest(fallback, fallback_place);
    return read;
  }
  try {
    read.reading = manifest::readManifest(repository.content(*file, manifest::kMaxFileSize, call));
  } catch (const Invalid& error) {
    read.reading.path = path;
    read.reading.diagnostics.push_back({path, 0, 0, error.what()});
  }
  return read;
}

}  // namespace testarena::ssh
