// SPDX-License-Identifier: Apache-2.0
// The dashboard's files, served from memory.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "request.h"
#include "response.h"

namespace testarena::http {

/// Files of one folder, read once at start. Requests are looked up in a map of the names found there, so no path of a
/// request ever reaches the file system. Constant after construction: any thread may answer.
class StaticFiles {
 public:
  /// No files: every answer is nothing.
  StaticFiles() = default;

  /// Reads the folder and those below it. A file `x.gz` beside `x` is sent instead of it to those who accept gzip.
  /// Links and hidden files are left out. Throws NotFound when the folder does not exist, Invalid when the files
  /// together are larger than `max_bytes`.
  static StaticFiles load(const std::string& folder, std::size_t max_bytes = 64 * 1024 * 1024);

  /// The answer for GET and HEAD of a file (200, or 304 by If-None-Match); nothing if there is no such file. "/" means
  /// index.html.
  std::optional<Response> answer(const Request& request) const;

  /// The answer with the file of that name ("index.html") whatever the request's path: a page whose address the
  /// browser's script reads.
  std::optional<Response> answer(const Request& request, std::string_view name) const;

  std::size_t size() const { return files_.size(); }

 private:
  struct File {
    std::shared_ptr<const std::string> bytes;
    std::shared_ptr<const std::string> gzip;  ///< null if there is none
    std::string content_type;
    std::string etag;        ///< quoted, strong: of the bytes
    std::string gzip_etag;   ///< another: strong tags name bytes, not meanings
    bool immutable = false;  ///< the name holds a hash of the content: app-5F3A9C1B.js
  };
  std::map<std::string, File, std::less<>> files_;  ///< by path without the first '/'
};

}  // namespace testarena::http
