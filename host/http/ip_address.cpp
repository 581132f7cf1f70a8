// SPDX-License-Identifier: Apache-2.0
#include "ip_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>

#include <testarena/error.h>

namespace testarena::http {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool isMapped(const IpAddress& address) {
  return std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
}

IpAddress mapped(const void* four) {
  IpAddress address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::memcpy(&address.bytes[kMapped.size()], four, 4);
  return address;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Some proxies write "192.0.2.1:4711" and "[2001:db8::1]:4711".
std::string_view withoutPort(std::string_view text) {
  if (!text.empty() && text.front() == '[') return text.substr(1, text.find(']') - 1);
  bool one_colon = std::count(text.begin(), text.end(), ':') == 1;
  return one_colon ? text.substr(0, text.find(':')) : text;
}

}  // namespace

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (isMapped(*this))
    inet_ntop(AF_INET, &bytes[kMapped.size()], buffer.data(), buffer.size());
  else
    inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
  return buffer.data();
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN + 1> copy{};
  if (text.empty() || text.size() >= copy.size()) return std::nullopt;
  std::memcpy(copy.data(), text.data(), text.size());
  in_addr four{};
  if (inet_pton(AF_INET, copy.data(), &four) == 1) return mapped(&four);
  IpAddress six;
  if (inet_pton(AF_INET6, copy.data(), six.bytes.data()) == 1) return six;
  return std::nullopt;
}

IpAddress IpAddress::from(const sockaddr_storage& address) {
  IpAddress result;
  if (address.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    result = mapped(&four.sin_addr);
  } else if (address.ss_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    std::memcpy(result.bytes.data(), &six.sin6_addr, result.bytes.size());
  }
  return result;
}

std::size_t IpAddressHash::operator()(const IpAddress& address) const noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

Networks::Networks(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    std::string_view rest = text;
    std::size_t slash = rest.find('/');
    std::optional<IpAddress> address = IpAddress::parse(rest.substr(0, slash));
    if (!address) throw Invalid("'" + text + "' is neither an address nor a network like 10.0.0.0/8");
    unsigned offset = isMapped(*address) ? 96 : 0;
    unsigned bits = 128 - offset;
    if (slash != std::string_view::npos) {
      std::string_view digits = rest.substr(slash + 1);
      unsigned wanted = 0;
      auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), wanted);
      if (problem != std::errc{} || end != digits.data() + digits.size() || wanted > bits)
        throw Invalid("'" + text + "': the number after '/' is not between 0 and " + std::to_string(bits));
      bits = wanted;
    }
    networks_.push_back({*address, offset + bits});
  }
}

bool Networks::contains(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    unsigned whole = network.bits / 8;
    unsigned rest = network.bits % 8;
    if (!std::equal(address.bytes.begin(), address.bytes.begin() + whole, network.address.bytes.begin())) return false;
    return rest == 0 || ((address.bytes[whole] ^ network.address.bytes[whole]) >> (8 - rest)) == 0;
  });
}

IpAddress TrustedProxies::client(const IpAddress& peer, std::string_view forwarded_for) const {
  IpAddress last_known = peer;
  while (contains(last_known) && !forwarded_for.empty()) {
    std::size_t comma = forwarded_for.rfind(',');
    std::string_view text = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
    forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
    std::optional<IpAddress> address = IpAddress::parse(withoutPort(trimmed(text)));
    if (!address) break;
    last_known = *address;
  }
  return last_known;
}

}  // namespace testarena::http
