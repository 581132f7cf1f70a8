// SPDX-License-Identifier: Apache-2.0
#include "static_files.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <testarena/error.h>

namespace testarena::http {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "index.html";

std::string_view contentTypeOf(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".yaml", "application/yaml"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/markdown; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
      {".wasm", "application/wasm"},
  }};
  std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos)
    for (const auto& [ending, type] : kTypes)
      if (name.substr(dot) == ending) return type;
  return "application/octet-stream";
}

std::string readWhole(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream.good() && !stream.eof()) throw Unavailable("cannot read " + path.string());
  return bytes;
}

/// FNV-1a. It tells versions of a file apart; it protects nothing.
std::string tagOf(std::string_view bytes, std::string_view salt) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (std::string_view part : {bytes, salt})
    for (char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string tag = "\"";
  for (int i = 0; i < 16; ++i, hash >>= 4) tag += kDigits[hash & 15];
  return tag + "-" + std::to_string(bytes.size()) + "\"";
}

/// "app-5F3A9C1B.js", "chunk.a1b2c3d4e5.css": what a bundler names after the content, so it never changes.
bool holdsHash(std::string_view name) {
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string_view stem = name.substr(0, dot);
  std::size_t mark = stem.find_last_of("-.");
  if (mark == std::string_view::npos) return false;
  std::string_view hash = stem.substr(mark + 1);
  bool alphanumeric = std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  bool digit = std::any_of(hash.begin(), hash.end(), [](char c) { return c >= '0' && c <= '9'; });
  return hash.size() >= 8 && alphanumeric && digit;
}

bool acceptsGzip(const Request& request) {
  std::string_view accepted = request.header("accept-encoding").value_or("");
  while (!accepted.empty()) {
    std::size_t comma = accepted.find(',');
    std::string_view part = accepted.substr(0, comma);
    accepted = comma == std::string_view::npos ? std::string_view{} : accepted.substr(comma + 1);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    std::string_view coding = part.substr(0, part.find_first_of("; "));
    bool refused = part.find("q=0") != std::string_view::npos &&
                   part.find_first_of("123456789", part.find("q=0")) == std::string_view::npos;
    if (coding == "gzip" && !refused) return true;
  }
  return false;
}

bool matches(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

}  // namespace

StaticFiles StaticFiles::load(const std::string& folder, std::size_t max_bytes) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem)) throw NotFound("there is no folder " + folder);
  std::map<std::string, std::string> found;
  std::size_t total = 0;
  for (fs::recursive_directory_iterator at(folder), end; at != end; ++at) {
    bool hidden = at->path().filename().string().front() == '.';
    if (at->is_symlink() || hidden) {
      at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file()) continue;
    std::string bytes = readWhole(at->path());
    total += bytes.size();
    if (total > max_bytes)
      throw Invalid("the files in " + folder + " are larger than " + std::to_string(max_bytes) + " bytes together");
    found.emplace(at->path().lexically_relative(folder).generic_string(), std::move(bytes));
  }
  StaticFiles files;
  for (auto& [name, bytes] : found) {
    bool compressed =
        name.size() > 3 && name.substr(name.size() - 3) == ".gz" && found.count(name.substr(0, name.size() - 3)) > 0;
    if (compressed) continue;
    File file;
    file.content_type = contentTypeOf(name);
    file.immutable = holdsHash(name.substr(name.rfind('/') + 1));
    file.etag = tagOf(bytes, "");
    if (auto gzip = found.find(name + ".gz"); gzip != found.end()) {
      file.gzip_etag = tagOf(gzip->second, "gzip");
      file.gzip = std::make_shared<const std::string>(std::move(gzip->second));
    }
    file.bytes = std::make_shared<const std::string>(std::move(bytes));
    files.files_.emplace(name, std::move(file));
  }
  return files;
}

std::optional<Response> StaticFiles::answer(const Request& request) const {
  if (request.segments() == std::vector<std::string>{""}) return answer(request, kIndex);
  std::string name;
  for (const std::string& segment : request.segments()) {
    if (segment.empty() || segment.find('/') != std::string::npos) return std::nullopt;
    name += name.empty() ? segment : "/" + segment;
  }
  return answer(request, name);
}

std::optional<Response> StaticFiles::answer(const Request& request, std::string_view name) const {
  auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  bool gzip = file.gzip && acceptsGzip(request);
  const std::string& etag = gzip ? file.gzip_etag : file.etag;

  Response response;
  response.setKind(AnswerKind::page);
  response.setHeader("ETag", etag);
  response.setHeader("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.gzip) response.setHeader("Vary", "Accept-Encoding");
  if (matches(request.header("if-none-match").value_or(""), etag)) return std::move(response.setStatus(304));
  if (gzip) response.setHeader("Content-Encoding", "gzip");
  response.setBody(gzip ? file.gzip : file.bytes, file.content_type);
  return response;
}

}  // namespace testarena::http
