// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <elf.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <string_view>
#include <utility>

#include <testarena/abi.h>

#include "elf_file.h"

namespace testarena::plugin_host {
namespace {

using Section = ElfFile::Section;
using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);
using Relocation = ElfW(Rela);
using VersionNeed = ElfW(Verneed);
using VersionName = ElfW(Vernaux);

constexpr std::string_view kSymbol = "testarena_plugin";
constexpr std::uint64_t kLargestManifest = std::uint64_t{1} << 20;
constexpr int kMostVersions = 10'000;

/// "2.9" < "2.36": number by number.
bool newer(std::string_view version, std::string_view than) {
  while (!version.empty() || !than.empty()) {
    const auto take = [](std::string_view& text) {
      unsigned number = 0;
      const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
      text.remove_prefix(static_cast<std::size_t>(end - text.data()));
      if (failure != std::errc()) text = {};
      if (!text.empty()) text.remove_prefix(1);
      return number;
    };
    const unsigned left = take(version);
    const unsigned right = take(than);
    if (left != right) return left > right;
  }
  return false;
}

class Inspection {
 public:
  explicit Inspection(const std::filesystem::path& file) : elf_(file) {}

  Image run() {
    readDynamic();
    readVersions();
    readPlugin();
    return std::move(image_);
  }

 private:
  void readDynamic() {
    const Section* dynamic = elf_.section(SHT_DYNAMIC);
    if (dynamic == nullptr) {
      elf_.refuse("it is linked statically and cannot be loaded: build it with testarena_add_plugin()");
    }
    const std::string strings = elf_.stringsOf(*dynamic);
    for (const Dynamic& entry : elf_.entries<Dynamic>(*dynamic, "the dynamic section")) {
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_NEEDED) image_.needed.emplace_back(ElfFile::nameAt(strings, entry.d_un.d_val));
    }
  }

  void readVersions() {
    const Section* versions = elf_.section(SHT_GNU_verneed);
    if (versions == nullptr) return;
    const std::string strings = elf_.stringsOf(*versions);
    const std::string table = elf_.content(*versions, "the table of versions");
    const auto entryAt = [&table]<class Entry>(std::size_t at, Entry& entry) {
      if (at > table.size() || table.size() - at < sizeof entry) return false;
      std::memcpy(&entry, table.data() + at, sizeof entry);
      return true;
    };
    // Both chains are linked by distances, and a distance of 0 ends one. A forged one cannot lead backwards, but it
    // could lead through a large table byte by byte.
    int steps = 0;
    VersionNeed need{};
    for (std::size_t at = 0; entryAt(at, need); at += need.vn_next) {
      VersionName name{};
      for (std::size_t entry = at + need.vn_aux; entryAt(entry, name) && ++steps < kMostVersions;
           entry += name.vna_next) {
        noteVersion(ElfFile::nameAt(strings, name.vna_name));
        if (name.vna_next == 0) break;
      }
      if (need.vn_next == 0 || ++steps >= kMostVersions) break;
    }
    if (!image_.glibc.empty() && newer(image_.glibc, gnu_get_libc_version())) {
      elf_.refuse("it needs the C library GLIBC " + image_.glibc + ", this system has " + gnu_get_libc_version() +
                  ": build it on the oldest system that it has to run on");
    }
  }

  void noteVersion(std::string_view name) {
    constexpr std::string_view kPrefix = "GLIBC_";
    if (name.substr(0, kPrefix.size()) != kPrefix) return;
    const std::string_view version = name.substr(kPrefix.size());
    const bool number = !version.empty() && version[0] >= '0' && version[0] <= '9';  // GLIBC_PRIVATE is none
    if (number && newer(version, image_.glibc)) image_.glibc = version;
  }

  void readPlugin() {
    const Section* symbols = elf_.section(SHT_DYNSYM);
    std::optional<Symbol> found;
    if (symbols != nullptr) {
      const std::string strings = elf_.stringsOf(*symbols);
      for (const Symbol& symbol : elf_.entries<Symbol>(*symbols, "the table of symbols")) {
        if (symbol.st_shndx != SHN_UNDEF && ElfFile::nameAt(strings, symbol.st_name) == kSymbol) found = symbol;
      }
    }
    if (!found) {
      elf_.refuse("it is a library, but no plugin: it does not export '" + std::string(kSymbol) +
                  "'. A plugin's source says TESTARENA_PLUGIN(...) once and is built with testarena_add_plugin()");
    }
    checkTable(found->st_value);
  }

  void checkTable(std::uint64_t address) {
    struct Start {
      std::uint64_t magic;
      std::uint32_t struct_size, abi_version;
      std::uint64_t manifest, manifest_size;
    };
    static_assert(offsetof(ta_plugin, struct_size) == offsetof(Start, struct_size) &&
                  offsetof(ta_plugin, abi_version) == offsetof(Start, abi_version));
    const auto place = elf_.offsetOf(address, sizeof(Start));
    if (!place) return refuseForm();
    Start start{};
    const std::string raw = elf_.bytes(*place, sizeof start, "the plugin's table");
    std::memcpy(&start, raw.data(), sizeof start);
    if (start.magic != TA_MAGIC) return refuseForm();
    image_.abi_version = start.abi_version;
    image_.struct_size = start.struct_size;
    if (start.abi_version != TA_ABI_VERSION) {
      elf_.refuse("it speaks version " + std::to_string(start.abi_version) +
                  " of the plugin ABI, this program version " + std::to_string(TA_ABI_VERSION) +
                  ": build it against the SDK that belongs to this program");
    }
    if (start.struct_size < sizeof(ta_plugin)) {
      elf_.refuse("its table has " + std::to_string(start.struct_size) + " bytes, version " +
                  std::to_string(TA_ABI_VERSION) + " of the plugin ABI has " + std::to_string(sizeof(ta_plugin)) +
                  ": build it against the SDK's <testarena/abi.h>");
    }
    readManifest(address + offsetof(ta_plugin, manifest), start.manifest, start.manifest_size);
  }

  [[noreturn]] void refuseForm() const {
    elf_.refuse("its symbol '" + std::string(kSymbol) +
                "' does not begin with the mark of a plugin (TA_MAGIC): it must be the "
                "table that TESTARENA_PLUGIN makes");
  }

  /// The pointer to the manifest is set by the loader; what it will be stands in a relocation.
  void readManifest(std::uint64_t pointerAddress, std::uint64_t inPlace, std::uint64_t size) {
    std::uint64_t address = inPlace;
    for (const Section& section : elf_.sections()) {
      if (section.sh_type != SHT_RELA) continue;
      for (const Relocation& relocation : elf_.entries<Relocation>(section, "the relocations")) {
        if (relocation.r_offset != pointerAddress) continue;
        // One that names a symbol is only known once that is found, which is the loader's work.
        address = ELF64_R_SYM(relocation.r_info) == 0 ? static_cast<std::uint64_t>(relocation.r_addend) : 0;
      }
    }
    if (size > kLargestManifest) {
      elf_.refuse("its manifest claims " + std::to_string(size) + " bytes; at most 1 MiB makes sense");
    }
    const auto place = elf_.offsetOf(address, size);
    if (place && address != 0) image_.manifest = elf_.bytes(*place, size, "the manifest");
  }

  const ElfFile elf_;
  Image image_;
};

}  // namespace

Image inspectImage(const std::filesystem::path& file) {
  return Inspection(file).run();
}

}  // namespace testarena::plugin_host
