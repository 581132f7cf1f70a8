// SPDX-License-Identifier: Apache-2.0
// Internet addresses as values, and networks of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace testarena::http {

/// An IPv4 or IPv6 address. IPv4 is kept as IPv4-mapped IPv6, so that one person is one address whichever socket they
/// came by.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  bool operator==(const IpAddress&) const = default;
  std::string text() const;  ///< "192.0.2.1", "2001:db8::1"

  /// From text without port and brackets; nothing if it is no address.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress from(const sockaddr_storage& address);
};

struct IpAddressHash {
  std::size_t operator()(const IpAddress& address) const noexcept;
};

/// A set of addresses.
class Networks {
 public:
  Networks() = default;
  /// Addresses and networks: "127.0.0.1", "10.0.0.0/8", "fd00::/8". Throws Invalid naming the one that is neither.
  explicit Networks(const std::vector<std::string>& networks);

  bool contains(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address;
    unsigned bits;
  };
  std::vector<Network> networks_;
};

/// The proxies whose forwarded headers are believed.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  explicit TrustedProxies(const std::vector<std::string>& networks) : networks_(networks) {}

  bool contains(const IpAddress& address) const { return networks_.contains(address); }

  /// The person's address: `forwarded_for` (all X-Forwarded-For values, in order, joined by ',') is read from its end,
  /// and the first address that is no trusted proxy is it: what stands before it was written by who knows whom. `peer`
  /// if the peer is not trusted or the list is broken.
  IpAddress client(const IpAddress& peer, std::string_view forwarded_for) const;

 private:
  Networks networks_;
};

}  // namespace testarena::http
