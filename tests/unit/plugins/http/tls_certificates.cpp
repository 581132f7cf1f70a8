// SPDX-License-Identifier: Apache-2.0
#include "tls_certificates.h"

#include <fstream>
#include <stdexcept>
#include <stdlib.h>

#include <testarena/call.h>

#include "program.h"

namespace testarena::test {
namespace {

void openssl(const std::filesystem::path& folder, std::vector<std::string> arguments) {
  process::Program program;
  program.argv = {"openssl"};
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  program.environment = {"PATH=/usr/bin:/bin", "HOME=" + folder.string()};
  program.folder = folder.string();
  Call call(std::chrono::seconds(60));
  const auto finished = process::run(program, call);
  if (!finished.succeeded()) throw std::runtime_error(finished.reason + ": " + finished.error_output);
}

}  // namespace

CertificateAuthority::CertificateAuthority() {
  std::string name = (std::filesystem::temp_directory_path() / "testarena-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  openssl(folder_, {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority"});
}

CertificateAuthority::~CertificateAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Poco::Net::Context::Ptr CertificateAuthority::serverContext(const std::string& name, int days) const {
  std::ofstream(folder_ / "names") << "subjectAltName=" << name << "\n";
  openssl(folder_, {"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key",
                    "-out", "server.csr", "-subj", "/CN=server"});
  openssl(folder_, {"x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                    "server.pem", "-days", std::to_string(days), "-extfile", "names"});
  Poco::Net::Context::Params how;
  how.privateKeyFile = (folder_ / "server.key").string();
  how.certificateFile = (folder_ / "server.pem").string();
  how.verificationMode = Poco::Net::Context::VERIFY_NONE;
  return new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, how);
}

}  // namespace testarena::test
