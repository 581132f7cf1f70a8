// SPDX-License-Identifier: Apache-2.0
#include "account.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <memory>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <vector>

#include <testarena/error.h>

#include "descriptor.h"
#include "durable.h"

namespace testarena::local_executor {
namespace {

using process::Descriptor;

void giveFolder(int folder, const std::filesystem::path& path, const Account& account) {
  const int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(copy < 0 ? nullptr : fdopendir(copy), closedir);
  if (!entries) throwErrno("read", path);
  while (const dirent* entry = readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const Descriptor child(openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (child) {
      giveFolder(child.get(), path / name, account);
    } else if (errno != ENOTDIR && errno != ELOOP) {
      throwErrno("open", path / name);
    } else if (fchownat(folder, name.c_str(), account.user, account.group, AT_SYMLINK_NOFOLLOW) != 0) {
      throwErrno("give away", path / name);
    }
  }
  if (fchown(folder, account.user, account.group) != 0) throwErrno("give away", path);
}

std::vector<gid_t> groupsOf(const Account& account) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  while (getgrouplist(account.name.c_str(), account.group, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

/// By the folder's mode alone.
bool canPass(const struct stat& status, const Account& account, const std::vector<gid_t>& groups) {
  if (account.user == 0) return true;
  if (status.st_uid == account.user) return (status.st_mode & S_IXUSR) != 0;
  for (const gid_t group : groups) {
    if (status.st_gid == group) return (status.st_mode & S_IXGRP) != 0;
  }
  return (status.st_mode & S_IXOTH) != 0;
}

/// The list of a folder with mode `mode` and one more user who may search it.
bool grantSearch(const std::filesystem::path& folder, mode_t mode, uid_t user) {
  const auto bits = [&](int shift) { return static_cast<std::uint16_t>(mode >> shift & 7); };
  const auto entry = [](std::uint16_t tag, std::uint16_t permissions, std::uint32_t id = ACL_UNDEFINED_ID) {
    return posix_acl_xattr_entry{tag, permissions, id};
  };
  const std::uint16_t group = bits(3);
  struct {
    posix_acl_xattr_header header;
    std::array<posix_acl_xattr_entry, 5> entries;
  } list{{POSIX_ACL_XATTR_VERSION},
         {entry(ACL_USER_OBJ, bits(6)), entry(ACL_USER, ACL_EXECUTE, user), entry(ACL_GROUP_OBJ, group),
          entry(ACL_MASK, static_cast<std::uint16_t>(group | ACL_EXECUTE)), entry(ACL_OTHER, bits(0))}};
  return setxattr(folder.c_str(), "system.posix_acl_access", &list, sizeof list, 0) == 0;
}

/// True if the folder has the entry already.
bool isGranted(const std::filesystem::path& folder, uid_t user) {
  std::vector<char> list(4096);
  const ssize_t size = getxattr(folder.c_str(), "system.posix_acl_access", list.data(), list.size());
  for (std::size_t at = sizeof(posix_acl_xattr_header);
       at + sizeof(posix_acl_xattr_entry) <= std::size_t(size > 0 ? size : 0); at += sizeof(posix_acl_xattr_entry)) {
    posix_acl_xattr_entry entry = {};
    std::memcpy(&entry, list.data() + at, sizeof entry);
    if (entry.e_tag == ACL_USER && entry.e_id == user && (entry.e_perm & ACL_EXECUTE) != 0) return true;
  }
  return false;
}

}  // namespace

std::optional<Account> findAccount(const std::string& run_as) {
  if (run_as.empty()) return std::nullopt;
  struct passwd entry = {};
  struct passwd* found = nullptr;
  std::vector<char> buffer(16 * 1024);
  const int error = getpwnam_r(run_as.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) {
    throw Invalid("there is no account " + run_as + (error != 0 ? std::string(": ") + std::strerror(error) : ""),
                  "/run_as");
  }
  const Account account{run_as, entry.pw_uid, entry.pw_gid};
  if (account.user == geteuid()) return std::nullopt;
  if (geteuid() != 0) {
    throw Invalid(
        "only a server that runs as root can run scenarios as " + run_as + "; leave run_as out, or start it as root",
        "/run_as");
  }
  return account;
}

void giveTree(const std::filesystem::path& folder, const Account& account) {
  const Descriptor top(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!top) throwErrno("open", folder);
  giveFolder(top.get(), folder, account);
}

void letThrough(const std::filesystem::path& top, const std::filesystem::path& bottom, const Account& account) {
  const std::vector<gid_t> groups = groupsOf(account);
  std::filesystem::path folder = "/";
  for (const std::filesystem::path& part : bottom.relative_path()) {
    folder /= part;
    struct stat status = {};
    if (stat(folder.c_str(), &status) != 0) throwErrno("look at", folder);
    if (canPass(status, account, groups) || isGranted(folder, account.user)) continue;
    const bool ours = std::mismatch(top.begin(), top.end(), folder.begin(), folder.end()).first == top.end();
    if (ours && grantSearch(folder, status.st_mode, account.user)) continue;
    throw Invalid("account " + account.name + " cannot pass through " + folder.string() +
                      " on the way to its work folders: " +
                      (ours ? "its file system takes no access control lists; run `chmod o+x` on it"
                            : "run `chmod o+x` on it, or choose another data folder"),
                  "/run_as");
  }
}

}  // namespace testarena::local_executor
