// SPDX-License-Identifier: Apache-2.0
#include "library.h"

#include <cstdio>
#include <dlfcn.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

// The only place that includes Boost.DLL. With std::filesystem it needs no library of Boost.
#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include "breadcrumb.h"
#include "image.h"
#include "refused.h"

namespace testarena::plugin_host {
namespace {

Manifest manifestOf(const std::filesystem::path& file, std::string_view json) {
  try {
    return parseManifest(json);
  } catch (const Error& failure) {
    std::string why = failure.what();
    for (char& c : why) c = c == '\n' ? ';' : c;
    throw Refused(file, "its manifest is wrong: " + why);
  }
}

/// What the dynamic linker said, without Boost's frame around it ("...: Bad file descriptor").
std::string linkerWords(const std::string& text) {
  constexpr std::string_view kBefore = "dlerror system message: ";
  const std::size_t start = text.find(kBefore);
  if (start == std::string::npos) return text;
  std::string words = text.substr(start + kBefore.size());
  const std::size_t end = words.rfind("):");
  return end == std::string::npos ? words : words.substr(0, end);
}

std::string between(const std::string& text, std::string_view before, std::string_view after) {
  std::size_t start = text.find(before);
  if (start == std::string::npos) return {};
  start += before.size();
  return text.substr(start, text.find(after, start) - start);
}

/// The linker's words and what a person can do about them.
std::string explain(const std::string& words) {
  if (const std::string symbol = between(words, "undefined symbol: ", " "); !symbol.empty()) {
    return "it uses the symbol '" + symbol +
           "', which no library gives: link it with what has this symbol; "
           "testarena_add_plugin() shows such mistakes when linking";
  }
  if (words.find("cannot open shared object file") != std::string::npos) {
    return "it needs the library " + words.substr(0, words.find(':')) + ", which is not installed: install its package";
  }
  if (const std::string version = between(words, "version `", "'"); !version.empty()) {
    return "it needs " + version +
           ", which this system does not have: build it on the oldest system that it has to run on";
  }
  return "the dynamic linker refuses it: " + words;
}

using Handle = boost::dll::shared_library;

Handle open(const std::filesystem::path& file) {
  // rtld_now: an undefined function shows here and not as the end of the process in some later call.
  const auto mode = boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local |
                    static_cast<boost::dll::load_mode::type>(RTLD_NODELETE);
  // An exception of a static constructor ends the process, in spite of any catch here: at least it is told whose it
  // was.
  const std::string name = file.string();
  const BreadcrumbScope breadcrumb(name.c_str(), "load");
  try {
    return Handle(file, mode);
  } catch (const boost::dll::fs::system_error& failure) {
    throw Refused(file, explain(linkerWords(failure.what())));
  }
}

/// Keeps every library for ever, on purpose without an owner: see Library.
void keep(Handle handle) {
  static std::mutex mutex;
  static auto* handles = new std::vector<Handle>();
  const std::lock_guard lock(mutex);
  handles->push_back(std::move(handle));
}

std::string octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777U));
  return text;
}

void refuseWritable(const std::filesystem::path& file, const std::filesystem::path& what, const std::string& kind) {
  struct stat about {};
  if (::stat(what.c_str(), &about) != 0) return;  // what is not there is refused by whoever opens it
  if (about.st_uid != 0 && about.st_uid != ::geteuid()) {
    throw Refused(file,
                  kind + " " + what.string() + " belongs to the account " + std::to_string(about.st_uid) +
                      ", who could put other code there: it must belong to root or to the account of this program (" +
                      std::to_string(::geteuid()) + "): chown it");
  }
  // A group of one's own (umask 002) is as good as the owner.
  const bool groupIsOurs = about.st_gid == 0 || about.st_gid == ::getegid();
  if ((about.st_mode & S_IWOTH) != 0 || ((about.st_mode & S_IWGRP) != 0 && !groupIsOurs)) {
    throw Refused(file, kind + " " + what.string() + " can be changed by other accounts (mode " + octal(about.st_mode) +
                            "), who could put other code there: chmod go-w " + what.string());
  }
}

}  // namespace

Library::Library(std::filesystem::path file, const ta_plugin& table, Manifest manifest)
    : file_(std::move(file)), table_(&table), manifest_(std::move(manifest)) {}

std::shared_ptr<Library> Library::load(const std::filesystem::path& file) {
  const Image image = inspectImage(file);
  refuseWritableByOthers(file);
  if (image.manifest) manifestOf(file, *image.manifest);
  Handle handle = open(file);
  if (!handle.has("testarena_plugin")) throw Refused(file, "it lost its symbol 'testarena_plugin' while it was loaded");
  const auto& table = handle.get<const ta_plugin>("testarena_plugin");
  keep(std::move(handle));
  // Again, now on what is really in memory: the file may have been replaced in between.
  if (table.magic != TA_MAGIC || table.abi_version != TA_ABI_VERSION || table.struct_size < sizeof(ta_plugin) ||
      table.create == nullptr || table.call == nullptr || table.destroy == nullptr) {
    throw Refused(file, "its table is not that of a plugin: TESTARENA_PLUGIN makes a right one");
  }
  const std::string_view manifest(static_cast<const char*>(table.manifest.data),
                                  static_cast<std::size_t>(table.manifest.size));
  return std::shared_ptr<Library>(new Library(file, table, manifestOf(file, manifest)));
}

void refuseWritableByOthers(const std::filesystem::path& file) {
  const auto folderOf = [](const std::filesystem::path& of) {
    return of.has_parent_path() ? of.parent_path() : std::filesystem::path(".");
  };
  refuseWritable(file, file, "the file");
  refuseWritable(file, folderOf(file), "its folder");
  // A link lies in one folder and points into another; who can write either decides what is loaded.
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(file, failure);
  if (!failure && folderOf(real) != folderOf(file)) refuseWritable(file, folderOf(real), "the folder it is linked to,");
}

Manifest readManifest(const std::filesystem::path& file) {
  const Image image = inspectImage(file);
  if (image.manifest) return manifestOf(file, *image.manifest);
  return Library::load(file)->manifest();
}

}  // namespace testarena::plugin_host
