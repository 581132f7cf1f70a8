// SPDX-License-Identifier: Apache-2.0
// The catalogue of refusals: each is one line that names the file, what is wrong, both values where two differ, and the
// cure.
#include "library.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <gnu/libc-version.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "breadcrumb.h"
#include "fixtures.h"
#include "image.h"
#include "random.h"
#include "refused.h"
#include "temporary_folder.h"

namespace testarena::plugin_host {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// The line with which a file is refused; empty if it is taken.
std::string refusal(const std::filesystem::path& file) {
  try {
    Library::load(file);
    return {};
  } catch (const Refused& refused) {
    return refused.what();
  }
}

class LibraryTest : public testing::Test {
 protected:
  /// A copy of a good plugin with some bytes replaced.
  std::filesystem::path spoiled(std::size_t at, std::string_view bytes) {
    std::string content = good_;
    content.replace(at, bytes.size(), bytes);
    return folder_.write("spoiled" + std::to_string(++count_) + ".so", content, 0755);
  }

  void expectLine(const std::filesystem::path& file, const testing::Matcher<std::string>& what) {
    const std::string line = refusal(file);
    EXPECT_THAT(line, AllOf(StartsWith("plugin " + file.string() + ": "), what, Not(HasSubstr("\n")),
                            Not(HasSubstr("Bad file descriptor"))));
  }

  test::TemporaryFolder folder_;
  const std::string good_ = test::contentOf(test::fixture("table"));
  int count_ = 0;
};

TEST_F(LibraryTest, aPluginInCIsLoadedAndItsManifestRead) {
  const auto library = Library::load(test::fixture("table"));
  EXPECT_EQ(library->manifest().name, "table");
  EXPECT_EQ(library->manifest().version, "1.2.3");
  EXPECT_EQ(library->manifest().description, "in C");
  ASSERT_NE(library->manifest().find("executor/1"), nullptr);
  EXPECT_EQ(library->manifest().find("executor/1")->max_concurrency, 2);
  EXPECT_EQ(library->manifest().find("executor/2"), nullptr);
}

TEST_F(LibraryTest, theManifestCanBeReadWithoutLoading) {
  for (const char* name : {"table", "probe_executor", "misbehaving", "throwing_static"}) {
    const Image image = inspectImage(test::fixture(name));
    ASSERT_TRUE(image.manifest) << name;
    EXPECT_EQ(parseManifest(*image.manifest).name, name);
    EXPECT_EQ(image.abi_version, TA_ABI_VERSION);
    EXPECT_EQ(image.struct_size, sizeof(ta_plugin));
  }
  EXPECT_THAT(inspectImage(test::fixture("probe_executor")).needed, testing::Contains("libc.so.6"));
}

TEST_F(LibraryTest, whatIsNotThere) {
  expectLine(folder_.path() / "x.so", HasSubstr("there is no such file: correct the name or the path"));
}

TEST_F(LibraryTest, aFolder) {
  expectLine(folder_.path(), HasSubstr("this is a folder: name the file"));
}

TEST_F(LibraryTest, aDevice) {
  expectLine("/dev/zero", HasSubstr("not an ordinary file"));
}

TEST_F(LibraryTest, anEmptyFile) {
  expectLine(folder_.write("empty.so", ""), HasSubstr("the file is empty"));
}

TEST_F(LibraryTest, aTextFile) {
  expectLine(folder_.write("text.so", "#!/bin/sh\nexit 0\n"), HasSubstr("this is no shared library"));
}

TEST_F(LibraryTest, aProgramIsNoPlugin) {
  // A position-independent program has the type of a library; what it lacks is the symbol.
  expectLine("/bin/true", AnyOf(HasSubstr("does not export 'testarena_plugin'"), HasSubstr("no shared library")));
}

TEST_F(LibraryTest, anObjectFile) {
  const std::uint16_t type = ET_REL;
  expectLine(spoiled(offsetof(Elf64_Ehdr, e_type), {reinterpret_cast<const char*>(&type), sizeof type}),
             HasSubstr("an ELF file, but no shared library"));
}

TEST_F(LibraryTest, anotherMachine) {
  const std::uint16_t machine = EM_S390;
  expectLine(
      spoiled(offsetof(Elf64_Ehdr, e_machine), {reinterpret_cast<const char*>(&machine), sizeof machine}),
      AllOf(HasSubstr("it is built for s390, 64 bit, this program for "), HasSubstr("build it for this machine")));
  expectLine(spoiled(EI_CLASS, std::string(1, ELFCLASS32)), HasSubstr("32 bit"));
  expectLine(spoiled(EI_DATA, std::string(1, ELFDATA2MSB)), HasSubstr("big endian"));
}

TEST_F(LibraryTest, aFileThatIsCutOffAnywhere) {
  for (std::size_t size = 1; size < good_.size(); size += size < 256 ? 1 : 97) {
    const auto file = folder_.write("cut.so", std::string_view(good_).substr(0, size), 0755);
    ASSERT_NE(refusal(file), "") << size << " of " << good_.size() << " bytes";
  }
  expectLine(folder_.write("half.so", std::string_view(good_).substr(0, good_.size() / 2), 0755),
             AllOf(HasSubstr("cut off or damaged"),
                   HasSubstr("but it has " + std::to_string(good_.size() / 2) + " bytes"), HasSubstr("copy it again")));
}

TEST_F(LibraryTest, aLibraryThatIsNoPlugin) {
  expectLine(test::fixture("no_symbol"),
             AllOf(HasSubstr("does not export 'testarena_plugin'"), HasSubstr("testarena_add_plugin()")));
}

TEST_F(LibraryTest, anotherAbi) {
  expectLine(test::fixture("newer_abi"),
             HasSubstr("it speaks version 7 of the plugin ABI, this program version 1: build it against the SDK"));
}

TEST_F(LibraryTest, aWrongMark) {
  expectLine(test::fixture("wrong_magic"), HasSubstr("mark of a plugin"));
}

TEST_F(LibraryTest, aTableThatIsTooSmall) {
  expectLine(test::fixture("small_table"),
             HasSubstr("its table has 32 bytes, version 1 of the plugin ABI has " + std::to_string(sizeof(ta_plugin))));
}

TEST_F(LibraryTest, aTableWithoutAFunction) {
  expectLine(test::fixture("no_create"), HasSubstr("its table is not that of a plugin"));
}

TEST_F(LibraryTest, anUndefinedSymbol) {
  expectLine(test::fixture("undefined_symbol"),
             AllOf(HasSubstr("uses the symbol 'function_of_a_library_that_nobody_linked', which no library gives"),
                   HasSubstr("link it with")));
}

TEST_F(LibraryTest, aMissingLibrary) {
  expectLine(test::fixture("missing_dependency"),
             HasSubstr("it needs the library libghost.so, which is not installed: install its package"));
}

TEST_F(LibraryTest, aWrongManifest) {
  expectLine(test::fixture("manifest_not_json"),
             HasSubstr("its manifest is wrong: line 1, column 2: the name of a member is missing"));
  expectLine(test::fixture("manifest_without_interfaces"), HasSubstr("interfaces: needs at least 1 entries"));
  expectLine(test::fixture("manifest_takes_hosts_key"),
             HasSubstr("the key 'isolation' belongs to the host: choose another"));
}

TEST_F(LibraryTest, aNewerCLibrary) {
  // The name of a version is a text in the file: another digit, and it is one from the future.
  std::string content = test::contentOf(test::fixture("probe_executor"));
  const std::size_t at = content.find(std::string("\0GLIBC_2.", 9));
  ASSERT_NE(at, std::string::npos);
  content[at + 7] = '9';
  expectLine(folder_.write("future.so", content, 0755),
             AllOf(HasSubstr("it needs the C library GLIBC 9."),
                   HasSubstr(std::string("this system has ") + gnu_get_libc_version()), HasSubstr("oldest system")));
}

TEST_F(LibraryTest, whatOthersCouldChange) {
  const auto file = folder_.write("open.so", good_, 0777);
  expectLine(file, AllOf(HasSubstr("can be changed by other accounts (mode 0777)"), HasSubstr("chmod go-w")));
  ::chmod(file.c_str(), 0755);
  EXPECT_EQ(refusal(file), "");
  const auto inOpenFolder = folder_.write("folder/a.so", good_, 0755);
  ::chmod((folder_.path() / "folder").c_str(), 0777);
  expectLine(inOpenFolder, HasSubstr("its folder"));
}

TEST_F(LibraryTest, aFileOfAnotherAccount) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const auto file = folder_.write("foreign.so", good_, 0755);
  ASSERT_EQ(::chown(file.c_str(), 12345, 0), 0);
  expectLine(file, HasSubstr("belongs to the account 12345"));
  ASSERT_EQ(::chown(file.c_str(), 0, 12345), 0);
  ::chmod(file.c_str(), 0775);
  expectLine(file, HasSubstr("mode 0775"));
  ASSERT_EQ(::chown(file.c_str(), 0, 0), 0);
  EXPECT_EQ(refusal(file), "") << "a group of root's may write";
}

TEST_F(LibraryTest, aLinkIsJudgedByWhatItPointsTo) {
  const auto file = folder_.write("open/real.so", good_, 0755);
  ::chmod((folder_.path() / "open").c_str(), 0777);
  const auto link = folder_.path() / "link.so";
  std::filesystem::create_symlink(file, link);
  EXPECT_THAT(refusal(link), HasSubstr("can be changed by other accounts"));
}

// The C++ run time ends the process in this case; what can be done is to say whose fault it was.
TEST_F(LibraryTest, staticInitialisationThatThrowsIsAttributed) {
  const std::string file = test::fixture("throwing_static").string();
  EXPECT_EXIT(
      {
        reportCrashes();
        Library::load(file);
      },
      testing::KilledBySignal(SIGABRT), "crash by signal 6 in plugin .*throwing_static.so, operation load");
}

TEST_F(LibraryTest, noBytesMakeTheInspectionDoMoreThanRefuse) {
  const char* given = std::getenv("TESTARENA_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().next();
  SCOPED_TRACE("TESTARENA_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  // The tables that are followed stand at the start and at the end: that is where a change matters.
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string content = good_;
    for (std::uint64_t edits = random.below(6) + 1; edits > 0; --edits) {
      const std::uint64_t window = random.below(3) == 0 ? content.size() : 1024;
      const std::uint64_t from =
          random.below(2) == 0 ? 0 : content.size() - std::min<std::uint64_t>(content.size(), 2048);
      const std::uint64_t at = (from + random.below(window)) % content.size();
      const std::uint64_t value = random.below(3) == 0 ? random.next() : random.below(256);
      std::memcpy(content.data() + at, &value,
                  std::min<std::size_t>(random.below(2) == 0 ? 1 : 8, content.size() - at));
    }
    const auto file = folder_.write("fuzz.so", content, 0755);
    try {
      inspectImage(file);
    } catch (const Refused&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100) << "the changes hardly touch what is read: they test nothing";
}

}  // namespace
}  // namespace testarena::plugin_host
