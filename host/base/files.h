// SPDX-License-Identifier: Apache-2.0
// Files as a server needs them: written whole or not at all, private where they must be, locked against a second
// server.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace testarena {

/// A file descriptor that closes itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { close(); }

  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  int release();
  void close();

 private:
  int descriptor_ = -1;
};

/// The whole content of an ordinary file. `NotFound` if there is none, `Denied` if it may not be read, `Invalid` if it
/// is a folder or a device, or has more than `limit` bytes.
std::string readFile(const std::filesystem::path& file, std::size_t limit = 1 << 20);

/// Replaces the file as one step: after a crash or a power loss there is the old content or the new one, never a
/// mixture, and after the return it is the new one. `mode` is set whatever the umask says. Errors are `Unavailable`.
void writeFileAtomically(const std::filesystem::path& file, std::string_view content, mode_t mode = 0644);

/// After the return, what is in the file, or which names are in the folder, survives a loss of power. Errors are
/// `Unavailable`.
void makeDurable(const std::filesystem::path& fileOrFolder);

/// Makes the folder and what is missing above it, each for the owner alone (0700). A folder that is there already stays
/// as it is; anything else of that name is `Invalid`.
void makePrivateFolder(const std::filesystem::path& folder);

/// Why other accounts could read the file: empty if they cannot. "Others" is everybody outside owner and group: a file
/// `root:testarena 0640` is as private as it can be for a service.
std::string readableByOthers(const std::filesystem::path& file);

/// The program's own file, for finding what is installed beside it.
std::filesystem::path programFile();

/// Held as long as it lives, gone with the process however that ends. Not inherited by children.
class FileLock {
 public:
  /// `Conflict` if another process, or another FileLock of this one, holds it; the message names the process.
  explicit FileLock(const std::filesystem::path& file);

 private:
  FileDescriptor descriptor_;
};

}  // namespace testarena
