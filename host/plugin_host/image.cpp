// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <testarena/abi.h>

#include "files.h"
#include "refused.h"

namespace testarena::plugin_host {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Segment = ElfW(Phdr);
using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);
using Relocation = ElfW(Rela);
using VersionNeed = ElfW(Verneed);
using VersionName = ElfW(Vernaux);

constexpr std::string_view kSymbol = "testarena_plugin";
constexpr std::uint64_t kLargestTable = std::uint64_t{64} << 20;
constexpr std::uint64_t kLargestManifest = std::uint64_t{1} << 20;

std::string machineName(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "i386";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "arm";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390";
    default:
      return "machine number " + std::to_string(machine);
  }
}

std::string formName(const unsigned char* identity, unsigned machine) {
  return machineName(machine) + (identity[EI_CLASS] == ELFCLASS32 ? ", 32 bit" : ", 64 bit") +
         (identity[EI_DATA] == ELFDATA2MSB ? ", big endian" : "");
}

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

class ImageFile {
 public:
  explicit ImageFile(const std::filesystem::path& file) : file_(file) {}

  Image inspect() {
    open();
    readHeader();
    readSections();
    readDynamic();
    readVersions();
    readPlugin();
    return std::move(image_);
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { throw Refused(file_, why); }
  [[noreturn]] void refuseCut(const std::string& what) const {
    refuse("the file is cut off or damaged: " + what + ", but it has " + std::to_string(size_) +
           " bytes: copy it again, and always under another name first, then rename it");
  }

  void open() {
    descriptor_ = FileDescriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor_) {
      if (errno == ENOENT || errno == ENOTDIR)
        refuse("there is no such file: correct the name or the path in the configuration");
      refuse(std::string("cannot be opened: ") + std::strerror(errno));
    }
    struct stat about {};
    if (::fstat(descriptor_.get(), &about) != 0) refuse(std::string("cannot be read: ") + std::strerror(errno));
    if (S_ISDIR(about.st_mode)) refuse("this is a folder: name the file of the plugin, which ends in .so");
    if (!S_ISREG(about.st_mode)) refuse("this is not an ordinary file: name the file of the plugin, which ends in .so");
    size_ = static_cast<std::uint64_t>(about.st_size);
    if (size_ == 0) refuse("the file is empty: copy it again");
  }

  /// Exactly `size` bytes at `offset`, or a refusal that names `what`.
  std::string bytes(std::uint64_t offset, std::uint64_t size, const std::string& what) const {
    if (offset > size_ || size > size_ - offset || size > kLargestTable) {
      refuseCut(what + " should be at " + std::to_string(offset) + " with " + std::to_string(size) + " bytes");
    }
    std::string out(static_cast<std::size_t>(size), '\0');
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got =
          ::pread(descriptor_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) refuse(std::string("cannot be read: ") + (got < 0 ? std::strerror(errno) : "it became shorter"));
      done += static_cast<std::size_t>(got);
    }
    return out;
  }

  template <class Entry>
  static std::vector<Entry> entries(const std::string& bytes) {
    std::vector<Entry> all(bytes.size() / sizeof(Entry));
    std::memcpy(all.data(), bytes.data(), all.size() * sizeof(Entry));
    return all;
  }

  void readHeader() {
    const std::string start = bytes(0, std::min<std::uint64_t>(size_, sizeof(Header)), "the start");
    if (start.size() < SELFMAG || std::memcmp(start.data(), ELFMAG, SELFMAG) != 0) {
      refuse(
          "this is no shared library (it does not begin as ELF files do): name the file of the plugin, which ends in "
          ".so");
    }
    if (start.size() < sizeof(Header)) refuseCut("the header should have " + std::to_string(sizeof(Header)) + " bytes");
    std::memcpy(&header_, start.data(), sizeof header_);
    refuseOtherMachine();
    if (header_.e_type != ET_DYN) {
      refuse(
          "this is an ELF file, but no shared library: build the plugin with testarena_add_plugin(), which links with "
          "-shared");
    }
  }

  void refuseOtherMachine() const {
    // What fits this program is what this program is.
    FileDescriptor own(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    Header self{};
    if (!own || ::pread(own.get(), &self, sizeof self, 0) != static_cast<ssize_t>(sizeof self)) return;
    if (header_.e_ident[EI_CLASS] == self.e_ident[EI_CLASS] && header_.e_ident[EI_DATA] == self.e_ident[EI_DATA] &&
        header_.e_machine == self.e_machine) {
      return;
    }
    // In the 32-bit header the machine stands at the same place.
    refuse("it is built for " + formName(header_.e_ident, header_.e_machine) + ", this program for " +
           formName(self.e_ident, self.e_machine) + ": build it for this machine");
  }

  void readSections() {
    if (header_.e_shoff == 0 || header_.e_shentsize != sizeof(Section)) {
      refuse("its section headers are missing: remove no more from it than `strip` does");
    }
    sections_ =
        entries<Section>(bytes(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Section), "the section table"));
    if (header_.e_phentsize != sizeof(Segment)) refuseCut("the table of segments has another form");
    segments_ = entries<Segment>(
        bytes(header_.e_phoff, std::uint64_t{header_.e_phnum} * sizeof(Segment), "the table of segments"));
    for (const Segment& segment : segments_) {
      if (segment.p_type == PT_LOAD && (segment.p_offset > size_ || segment.p_filesz > size_ - segment.p_offset)) {
        refuseCut("a segment should end at " + std::to_string(segment.p_offset + segment.p_filesz));
      }
    }
  }

  const Section* section(unsigned type) const {
    const auto found =
        std::find_if(sections_.begin(), sections_.end(), [type](const Section& s) { return s.sh_type == type; });
    return found == sections_.end() ? nullptr : &*found;
  }

  std::string content(const Section& section, const std::string& what) const {
    return bytes(section.sh_offset, section.sh_size, what);
  }

  /// The strings that a section's names are indices into.
  std::string stringsOf(const Section& owner) const {
    if (owner.sh_link >= sections_.size()) refuseCut("a table of names is missing");
    return content(sections_[owner.sh_link], "a table of names");
  }

  static std::string_view nameAt(const std::string& strings, std::uint64_t index) {
    if (index >= strings.size()) return {};
    const std::string_view rest = std::string_view(strings).substr(static_cast<std::size_t>(index));
    return rest.substr(0, rest.find('\0'));
  }

  void readDynamic() {
    const Section* dynamic = section(SHT_DYNAMIC);
    if (dynamic == nullptr)
      refuse("it is linked statically and cannot be loaded: build it with testarena_add_plugin()");
    const std::string strings = stringsOf(*dynamic);
    for (const Dynamic& entry : entries<Dynamic>(content(*dynamic, "the dynamic section"))) {
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_NEEDED) image_.needed.emplace_back(nameAt(strings, entry.d_un.d_val));
    }
  }

  void readVersions() {
    const Section* versions = section(SHT_GNU_verneed);
    if (versions == nullptr) return;
    const std::string strings = stringsOf(*versions);
    const std::string table = content(*versions, "the table of versions");
    const auto entryAt = [&table]<class Entry>(std::size_t at, Entry& entry) {
      if (at > table.size() || table.size() - at < sizeof entry) return false;
      std::memcpy(&entry, table.data() + at, sizeof entry);
      return true;
    };
    // Both chains are linked by distances: a distance of 0 ends one, and a forged one cannot lead backwards.
    VersionNeed need{};
    for (std::size_t at = 0; entryAt(at, need); at += need.vn_next) {
      VersionName name{};
      for (std::size_t nameAtByte = at + need.vn_aux; entryAt(nameAtByte, name); nameAtByte += name.vna_next) {
        noteVersion(nameAt(strings, name.vna_name));
        if (name.vna_next == 0) break;
      }
      if (need.vn_next == 0) break;
    }
    if (!image_.glibc.empty() && newer(image_.glibc, gnu_get_libc_version())) {
      refuse("it needs the C library GLIBC " + image_.glibc + ", this system has " + gnu_get_libc_version() +
             ": build it on the oldest system that it has to run on");
    }
  }

  void noteVersion(std::string_view name) {
    constexpr std::string_view kPrefix = "GLIBC_";
    if (name.substr(0, kPrefix.size()) != kPrefix) return;
    const std::string_view version = name.substr(kPrefix.size());
    if (!version.empty() && version[0] >= '0' && version[0] <= '9' && newer(version, image_.glibc))
      image_.glibc = version;
  }

  void readPlugin() {
    const Section* symbols = section(SHT_DYNSYM);
    std::optional<Symbol> found;
    if (symbols != nullptr) {
      const std::string strings = stringsOf(*symbols);
      for (const Symbol& symbol : entries<Symbol>(content(*symbols, "the table of symbols"))) {
        if (symbol.st_shndx != SHN_UNDEF && nameAt(strings, symbol.st_name) == kSymbol) found = symbol;
      }
    }
    if (!found) {
      refuse("it is a library, but no plugin: it does not export '" + std::string(kSymbol) +
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
    const auto place = fileOffset(address, sizeof(Start));
    if (!place) return refuseOldForm();
    Start start{};
    const std::string raw = bytes(*place, sizeof start, "the plugin's table");
    std::memcpy(&start, raw.data(), sizeof start);
    if (start.magic != TA_MAGIC) return refuseOldForm();
    image_.abi_version = start.abi_version;
    image_.struct_size = start.struct_size;
    if (start.abi_version != TA_ABI_VERSION) {
      refuse("it speaks version " + std::to_string(start.abi_version) + " of the plugin ABI, this program version " +
             std::to_string(TA_ABI_VERSION) + ": build it against the SDK that belongs to this program");
    }
    if (start.struct_size < sizeof(ta_plugin)) {
      refuse("its table has " + std::to_string(start.struct_size) + " bytes, version " +
             std::to_string(TA_ABI_VERSION) + " of the plugin ABI has " + std::to_string(sizeof(ta_plugin)) +
             ": build it against the SDK's <testarena/abi.h>");
    }
    readManifest(address + offsetof(ta_plugin, manifest), start.manifest, start.manifest_size);
  }

  [[noreturn]] void refuseOldForm() const {
    refuse("its symbol '" + std::string(kSymbol) +
           "' does not begin with the mark of a plugin (TA_MAGIC): it must be the "
           "table that TESTARENA_PLUGIN makes");
  }

  /// The pointer to the manifest is set by the loader; what it will be stands in a relocation.
  void readManifest(std::uint64_t pointerAddress, std::uint64_t inPlace, std::uint64_t size) {
    std::uint64_t address = inPlace;
    for (const Section& section : sections_) {
      if (section.sh_type != SHT_RELA) continue;
      for (const Relocation& relocation : entries<Relocation>(content(section, "the relocations"))) {
        if (relocation.r_offset == pointerAddress) address = static_cast<std::uint64_t>(relocation.r_addend);
      }
    }
    if (size > kLargestManifest)
      refuse("its manifest claims " + std::to_string(size) + " bytes; at most 1 MiB makes sense");
    if (const auto place = fileOffset(address, size); place && address != 0)
      image_.manifest = bytes(*place, size, "the manifest");
  }

  /// Where in the file the bytes are that the loader puts at an address.
  std::optional<std::uint64_t> fileOffset(std::uint64_t address, std::uint64_t size) const {
    for (const Segment& segment : segments_) {
      if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
      const std::uint64_t within = address - segment.p_vaddr;
      if (within <= segment.p_filesz && size <= segment.p_filesz - within) return segment.p_offset + within;
    }
    return std::nullopt;
  }

  const std::filesystem::path& file_;
  FileDescriptor descriptor_;
  std::uint64_t size_ = 0;
  Header header_{};
  std::vector<Section> sections_;
  std::vector<Segment> segments_;
  Image image_;
};

}  // namespace

Image inspectImage(const std::filesystem::path& file) {
  return ImageFile(file).inspect();
}

}  // namespace testarena::plugin_host
