// SPDX-License-Identifier: Apache-2.0
// An ELF file as a stranger gave it: every look into it is bounded, and what does not fit is a refusal.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <link.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files.h"

namespace testarena::plugin_host {

/// All functions throw Refused where the file is not what its headers say.
class ElfFile {
 public:
  using Section = ElfW(Shdr);
  using Segment = ElfW(Phdr);

  /// Opens a shared library for this program's machine, whole in length. Refused: everything else. `file` must outlive
  /// it.
  explicit ElfFile(const std::filesystem::path& file);

  /// The first section of a type; null if there is none.
  const Section* section(unsigned type) const;
  const std::vector<Section>& sections() const { return sections_; }

  /// `what` is its name in a refusal.
  std::string content(const Section& section, const std::string& what) const;

  template <class Entry>
  std::vector<Entry> entries(const Section& section, const std::string& what) const {
    return split<Entry>(content(section, what));
  }

  /// The strings that a section's names are indices into, and one of them; empty if the index leads outside.
  std::string stringsOf(const Section& owner) const;
  static std::string_view nameAt(const std::string& strings, std::uint64_t index);

  /// Where in the file the bytes are that the loader puts at an address.
  std::optional<std::uint64_t> offsetOf(std::uint64_t address, std::uint64_t size) const;

  std::string bytes(std::uint64_t offset, std::uint64_t size, const std::string& what) const;

  [[noreturn]] void refuse(const std::string& why) const;

 private:
  template <class Entry>
  static std::vector<Entry> split(const std::string& bytes) {
    std::vector<Entry> all(bytes.size() / sizeof(Entry));
    if (!all.empty()) std::memcpy(all.data(), bytes.data(), all.size() * sizeof(Entry));
    return all;
  }

  [[noreturn]] void refuseCut(const std::string& what) const;
  void open();
  void readHeader();
  void refuseOtherMachine() const;
  void readTables();

  const std::filesystem::path& file_;
  FileDescriptor descriptor_;
  std::uint64_t size_ = 0;
  ElfW(Ehdr) header_{};
  std::vector<Section> sections_;
  std::vector<Segment> segments_;
};

}  // namespace testarena::plugin_host
