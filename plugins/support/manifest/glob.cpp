// SPDX-License-Identifier: Apache-2.0
#include "glob.h"

#include <algorithm>
#include <cstddef>

namespace testarena::manifest {
namespace {

constexpr std::string_view kAnyFolders = "**";
constexpr std::size_t kLongest = 1000;

/// One part without '/' against one without. The last `*` is the only one to go back to: what an earlier one could take
/// more, the last one can as well.
bool partMatches(std::string_view pattern, std::string_view part) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, taken = 0;
  while (t < part.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == part[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

/// Walks over the parts between slashes.
struct Parts {
  std::string_view text;
  std::size_t at = 0;  // begin of the present part; beyond the text: no part is left

  bool done() const { return at > text.size(); }
  std::string_view part() const { return text.substr(at, std::min(text.find('/', at), text.size()) - at); }
  void advance() { at += part().size() + 1; }
};

/// Why no part of a path may be as it is; empty if it may.
std::string whyNoParts(std::string_view path) {
  for (Parts parts{path}; !parts.done(); parts.advance()) {
    if (parts.part() == "..") return "leads out of the checkout: '..' is not allowed";
    if (parts.part() == ".") return "has a part '.': leave it out";
    if (parts.part().empty()) return "has an empty part: no '/' at its end, and no '//'";
  }
  return {};
}

std::string whyNoText(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.size() > kLongest) return "is longer than " + std::to_string(kLongest) + " bytes";
  if (text.front() == '/') return "is absolute: write it relative to the root of the repository";
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), isControl)) return "has a control character";
  return {};
}

}  // namespace

// The same walk as in partMatches with parts for characters and `**` for `*`. Each part of the pattern meets each part
// of the path at most once, hence the bound on time.
bool globMatches(std::string_view pattern, std::string_view path) {
  Parts p{pattern}, t{path}, afterAny{}, taken{};
  bool any = false;
  while (!t.done()) {
    if (!p.done() && p.part() == kAnyFolders) {
      any = true;
      p.advance();
      afterAny = p;
      taken = t;
    } else if (!p.done() && partMatches(p.part(), t.part())) {
      p.advance();
      t.advance();
    } else if (any) {
      p = afterAny;
      taken.advance();
      t = taken;
    } else {
      return false;
    }
  }
  while (!p.done() && p.part() == kAnyFolders) p.advance();
  return p.done();
}

std::string whyNoGlob(std::string_view pattern) {
  if (std::string why = whyNoText(pattern); !why.empty()) return why;
  if (std::string why = whyNoParts(pattern); !why.empty()) return why;
  std::string_view last;
  for (Parts parts{pattern}; !parts.done(); parts.advance()) {
    last = parts.part();
    if (last != kAnyFolders && last.find(kAnyFolders) != std::string_view::npos) {
      return "has '**' beside other characters: it stands alone between slashes, as in **/*.sh";
    }
  }
  if (last == kAnyFolders) return "ends with '**', which stands for folders: write **/* for the files in them";
  return {};
}

std::string whyNoPath(std::string_view path) {
  if (path == ".") return {};
  if (std::string why = whyNoText(path); !why.empty()) return why;
  return whyNoParts(path);
}

}  // namespace testarena::manifest
