// SPDX-License-Identifier: Apache-2.0
#include "account.h"

#include <algorithm>
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
#include <utility>
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

using AccessList = std::vector<posix_acl_xattr_entry>;

constexpr const char* kAccessList = "system.posix_acl_access";
constexpr std::size_t kLongestList = 64 * 1024;

posix_acl_xattr_entry entry(std::uint16_t tag, unsigned permissions, std::uint32_t id = ACL_UNDEFINED_ID) {
  return {tag, static_cast<std::uint16_t>(permissions & 7), id};
}

/// The folder's own list; what its mode says if it has none.
AccessList listOf(const std::filesystem::path& folder, mode_t mode) {
  std::vector<char> bytes(kLongestList);
  const ssize_t size = getxattr(folder.c_str(), kAccessList, bytes.data(), bytes.size());
  AccessList list;
  for (std::size_t at = sizeof(posix_acl_xattr_header);
       size > 0 && at + sizeof(posix_acl_xattr_entry) <= std::size_t(size); at += sizeof(posix_acl_xattr_entry)) {
    std::memcpy(&list.emplace_back(), bytes.data() + at, sizeof(posix_acl_xattr_entry));
  }
  if (!list.empty()) return list;
  return {entry(ACL_USER_OBJ, mode >> 6), entry(ACL_GROUP_OBJ, mode >> 3), entry(ACL_OTHER, mode)};
}

AccessList::iterator find(AccessList& list, std::uint16_t tag, std::uint32_t id = ACL_UNDEFINED_ID) {
  return std::find_if(list.begin(), list.end(),
                      [&](const posix_acl_xattr_entry& each) { return each.e_tag == tag && each.e_id == id; });
}

bool isGranted(const std::filesystem::path& folder, mode_t mode, uid_t user) {
  AccessList list = listOf(folder, mode);
  const auto own = find(list, ACL_USER, user);
  const auto mask = find(list, ACL_MASK);
  return own != list.end() && mask != list.end() && (own->e_perm & mask->e_perm & ACL_EXECUTE) != 0;
}

/// Adds one entry. What is there stays: another environment may run under another account.
bool grantSearch(const std::filesystem::path& folder, mode_t mode, uid_t user) {
  AccessList list = listOf(folder, mode);
  if (find(list, ACL_USER, user) == list.end()) list.push_back(entry(ACL_USER, 0, user));
  if (find(list, ACL_MASK) == list.end()) list.push_back(entry(ACL_MASK, find(list, ACL_GROUP_OBJ)->e_perm));
  for (const auto each : {find(list, ACL_USER, user), find(list, ACL_MASK)}) {
    each->e_perm = static_cast<std::uint16_t>(each->e_perm | ACL_EXECUTE);
  }
  std::sort(list.begin(), list.end(), [](const posix_acl_xattr_entry& a, const posix_acl_xattr_entry& b) {
    return std::pair(a.e_tag, a.e_id) < std::pair(b.e_tag, b.e_id);  // the kernel insists on it
  });
  const posix_acl_xattr_header header = {POSIX_ACL_XATTR_VERSION};
  std::vector<char> bytes(sizeof header + list.size() * sizeof(posix_acl_xattr_entry));
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, list.data(), list.size() * sizeof(posix_acl_xattr_entry));
  return setxattr(folder.c_str(), kAccessList, bytes.data(), bytes.size(), 0) == 0;
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

void letThrough(const std::filesystem::path& from, const std::filesystem::path& to, const Account& account) {
  const std::filesystem::path top = std::filesystem::canonical(from), bottom = std::filesystem::canonical(to);
  const std::vector<gid_t> groups = groupsOf(account);
  std::filesystem::path folder = "/";
  for (const std::filesystem::path& part : bottom.relative_path()) {
    folder /= part;
    struct stat status = {};
    if (stat(folder.c_str(), &status) != 0) throwErrno("look at", folder);
    if (canPass(status, account, groups) || isGranted(folder, status.st_mode, account.user)) continue;
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
