// SPDX-License-Identifier: Apache-2.0
#include "host_key.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <vector>

#include <testarena/error.h>

namespace testarena::ssh {
namespace {

/// A line of known_hosts that names the machine.
struct Entry {
  std::string place;  ///< "FILE, line 7"
  KeyHandle key;
  bool revoked = false;
};

std::string described(ssh_key key) {
  return std::string(ssh_key_type_to_char(ssh_key_type(key))) + " " + fingerprintOf(key);
}

std::string base64Of(ssh_key key) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK || text == nullptr) return {};
  std::string copy = text;
  ssh_string_free_char(text);
  return copy;
}

std::string nameOfType(ssh_key key) {
  const char* curve = ssh_pki_key_ecdsa_name(key);  // "ecdsa" alone is not what known_hosts calls it
  const ssh_keytypes_e type = ssh_key_type(key);
  const bool isEcdsa =
      type == SSH_KEYTYPE_ECDSA_P256 || type == SSH_KEYTYPE_ECDSA_P384 || type == SSH_KEYTYPE_ECDSA_P521;
  return isEcdsa && curve != nullptr ? curve : ssh_key_type_to_char(type);
}

std::string lineFor(ssh_key key, const ConnectionSettings& settings) {
  return knownHostName(settings) + " " + nameOfType(key) + " " + base64Of(key);
}

/// The library knows patterns and hashed names; lines and markers are ours.
std::vector<Entry> entriesFor(const ConnectionSettings& settings) {
  const std::string& file = settings.known_hosts_file;
  std::ifstream in(file);
  if (!in) throw Unavailable("the file of known hosts " + file + " cannot be read: " + std::strerror(errno));
  std::vector<Entry> entries;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    std::replace(line.begin(), line.end(), '\t', ' ');  // which the library does not take for a space
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty() || line.front() == '#') continue;
    constexpr std::string_view kRevoked = "@revoked ";
    const bool revoked = line.compare(0, kRevoked.size(), kRevoked) == 0;
    if (revoked) line.erase(0, line.find_first_not_of(' ', kRevoked.size()));
    if (line.front() == '@') continue;  // authorities, whose certificates are not asked for
    ssh_knownhosts_entry* parsed = nullptr;
    if (ssh_known_hosts_parse_line(knownHostName(settings).c_str(), line.c_str(), &parsed) != SSH_OK) continue;
    entries.push_back({file + ", line " + std::to_string(number), KeyHandle(parsed->publickey), revoked});
    parsed->publickey = nullptr;
    ssh_knownhosts_entry_free(parsed);
  }
  return entries;
}

[[noreturn]] void refuse(const std::string& why) {
  throw Unavailable(why);
}

void checkFingerprint(ssh_key shown, const ConnectionSettings& settings) {
  if (fingerprintOf(shown) == settings.host_key) return;
  refuse("the host key of " + describe(settings) + " is not the expected one: it shows " + described(shown) +
         ", but host_key in the configuration is " + settings.host_key +
         ". Somebody may be listening in between. If the machine was really given a new key, compare with `ssh-keygen "
         "-lf` of its key file on the machine itself, and set host_key to " +
         fingerprintOf(shown));
}

}  // namespace

std::string fingerprintOf(ssh_key key) {
  unsigned char* hash = nullptr;
  std::size_t size = 0;
  if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0) return "(no fingerprint)";
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
  ssh_clean_pubkey_hash(&hash);
  std::string copy = text == nullptr ? "(no fingerprint)" : text;
  ssh_string_free_char(text);
  return copy;
}

void checkHostKey(ssh_key shown, const ConnectionSettings& settings) {
  if (!settings.host_key.empty()) return checkFingerprint(shown, settings);
  const std::string& file = settings.known_hosts_file;
  const std::vector<Entry> entries = entriesFor(settings);
  const Entry* match = nullptr;
  std::string expected;
  for (const Entry& entry : entries) {
    const bool same = ssh_key_cmp(entry.key.get(), shown, SSH_KEY_CMP_PUBLIC) == 0;
    if (same && entry.revoked) {
      refuse("the host key of " + describe(settings) + ", " + described(shown) + ", is revoked in " + entry.place +
             ": the machine needs a new key");
    }
    if (same) match = &entry;
    if (!entry.revoked)
      expected += (expected.empty() ? "" : "; ") + entry.place + " expects " + described(entry.key.get());
  }
  if (match != nullptr) return;
  if (expected.empty()) {
    refuse("the host key of " + describe(settings) + " is not known: it shows " + described(shown) + ", and " + file +
           " has no line for " + knownHostName(settings) +
           ". Compare it with `ssh-keygen -lf` of the key file on the machine itself, and if it is the same add this "
           "line to that file: " +
           lineFor(shown, settings));
  }
  refuse("the host key of " + describe(settings) + " has CHANGED: it shows " + described(shown) + ", but " + expected +
         ". Somebody may be listening in between. If the machine was really given a new key, compare with `ssh-keygen "
         "-lf` of the key file on the machine itself, and put this line in that place: " +
         lineFor(shown, settings));
}

}  // namespace testarena::ssh
