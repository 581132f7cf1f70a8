// SPDX-License-Identifier: Apache-2.0
#include "elf_file.h"

#include <algorithm>
#include <cerrno>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "refused.h"

namespace testarena::plugin_host {
namespace {

using Header = ElfW(Ehdr);

constexpr std::uint64_t kLargestTable = std::uint64_t{64} << 20;

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

}  // namespace

ElfFile::ElfFile(const std::filesystem::path& file) : file_(file) {
  open();
  readHeader();
  readTables();
}

void ElfFile::refuse(const std::string& why) const {
  throw Refused(file_, why);
}

void ElfFile::refuseCut(const std::string& what) const {
  refuse("the file is cut off or damaged: " + what + ", but it has " + std::to_string(size_) +
         " bytes: copy it again, and always under another name first, then rename it");
}

void ElfFile::open() {
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

std::string ElfFile::bytes(std::uint64_t offset, std::uint64_t size, const std::string& what) const {
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

void ElfFile::readHeader() {
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

void ElfFile::refuseOtherMachine() const {
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

void ElfFile::readTables() {
  if (header_.e_shoff == 0 || header_.e_shentsize != sizeof(Section)) {
    refuse("its section headers are missing: remove no more from it than `strip` does");
  }
  sections_ =
      split<Section>(bytes(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Section), "the section table"));
  if (header_.e_phentsize != sizeof(Segment)) refuseCut("the table of segments has another form");
  segments_ =
      split<Segment>(bytes(header_.e_phoff, std::uint64_t{header_.e_phnum} * sizeof(Segment), "the table of segments"));
  for (const Segment& segment : segments_) {
    if (segment.p_type == PT_LOAD && (segment.p_offset > size_ || segment.p_filesz > size_ - segment.p_offset)) {
      refuseCut("a segment should end at " + std::to_string(segment.p_offset + segment.p_filesz));
    }
  }
}

const ElfFile::Section* ElfFile::section(unsigned type) const {
  const auto found =
      std::find_if(sections_.begin(), sections_.end(), [type](const Section& s) { return s.sh_type == type; });
  return found == sections_.end() ? nullptr : &*found;
}

std::string ElfFile::content(const Section& section, const std::string& what) const {
  return bytes(section.sh_offset, section.sh_size, what);
}

std::string ElfFile::stringsOf(const Section& owner) const {
  if (owner.sh_link >= sections_.size()) refuseCut("a table of names is missing");
  return content(sections_[owner.sh_link], "a table of names");
}

std::string_view ElfFile::nameAt(const std::string& strings, std::uint64_t index) {
  if (index >= strings.size()) return {};
  const std::string_view rest = std::string_view(strings).substr(static_cast<std::size_t>(index));
  return rest.substr(0, rest.find('\0'));
}

std::optional<std::uint64_t> ElfFile::offsetOf(std::uint64_t address, std::uint64_t size) const {
  for (const Segment& segment : segments_) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const std::uint64_t within = address - segment.p_vaddr;
    if (within <= segment.p_filesz && size <= segment.p_filesz - within) return segment.p_offset + within;
  }
  return std::nullopt;
}

}  // namespace testarena::plugin_host
