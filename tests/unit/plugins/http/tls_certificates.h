// SPDX-License-Identifier: Apache-2.0
// Certificates for tests, made by the program openssl.
#pragma once

#include <filesystem>
#include <string>

#include <Poco/Net/Context.h>

namespace testarena::test {

/// An authority of its own in a folder, which is gone with the object.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  std::filesystem::path file() const { return folder_ / "ca.pem"; }

  /// What a server needs that proves to be `name`, such as "DNS:localhost" or "IP:127.0.0.1".
  Poco::Net::Context::Ptr serverContext(const std::string& name, int days = 1) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace testarena::test
