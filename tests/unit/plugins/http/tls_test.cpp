// SPDX-License-Identifier: Apache-2.0
// With https nothing is sent before the server has proven who it is.
#include <signal.h>

#include "client_fixture.h"
#include "tls_certificates.h"

namespace testarena::http {
namespace {

using test::always;
using test::answer;
using test::CertificateAuthority;
using test::Peer;
using test::ScriptedServer;

class Tls : public ClientTest {
 protected:
  static void SetUpTestSuite() { ::signal(SIGPIPE, SIG_IGN); }

  static Exchange sendTo(const ScriptedServer& server, const std::string& host, const CertificateAuthority& trusted,
                         const Request& request) {
    ClientOptions options;
    options.ca_file = trusted.file();
    Client client(server.address(host), options);
    return send(client, request);
  }
  /// Counts what gets through.
  ScriptedServer::Script counting() {
    return always([this](const std::string&) {
      ++requests_;
      return answer(200, "secret");
    });
  }
  std::atomic<int> requests_{0};
  const CertificateAuthority authority_;
};

TEST_F(Tls, aServerOfTheRightNameAndAuthorityIsTalkedTo) {
  const ScriptedServer named(counting(), authority_.serverContext("DNS:localhost"));
  EXPECT_EQ(sendTo(named, "localhost", authority_, get()).whole().body, "secret");
  const ScriptedServer numbered(counting(), authority_.serverContext("IP:127.0.0.1"));
  EXPECT_EQ(sendTo(numbered, "127.0.0.1", authority_, post(std::string(1 << 20, 'x'))).whole().body, "secret");
  EXPECT_EQ(requests_, 2);
}

TEST_F(Tls, connectionsAreUsedAgain) {
  const ScriptedServer server(counting(), authority_.serverContext("IP:127.0.0.1"));
  ClientOptions options;
  options.ca_file = authority_.file();
  Client client(server.address(), options);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(client, get()).whole().status, 200);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(Tls, anotherNameIsRefusedBeforeAnythingIsSent) {
  const ScriptedServer server(counting(), authority_.serverContext("DNS:elsewhere.example"));
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const Exchange exchange = sendTo(server, host, authority_, post());
    EXPECT_EQ(exchange.outcome, Outcome::not_sent);
    EXPECT_NE(exchange.problem.find("ertificate"), std::string::npos) << exchange.problem;
  }
  EXPECT_EQ(requests_, 0);
}

TEST_F(Tls, anotherAuthorityIsRefusedBeforeAnythingIsSent) {
  const CertificateAuthority other;
  const ScriptedServer server(counting(), authority_.serverContext("IP:127.0.0.1"));
  const Exchange exchange = sendTo(server, "127.0.0.1", other, post());
  EXPECT_EQ(exchange.outcome, Outcome::not_sent);
  EXPECT_NE(exchange.problem.find("ertificate"), std::string::npos) << exchange.problem;
  EXPECT_EQ(requests_, 0);
}

TEST_F(Tls, theSystemsAuthoritiesDoNotKnowOurs) {
  const ScriptedServer server(counting(), authority_.serverContext("IP:127.0.0.1"));
  Client client(server.address(), {});
  EXPECT_EQ(send(client, post()).outcome, Outcome::not_sent);
  EXPECT_EQ(requests_, 0);
}

TEST_F(Tls, aServerThatSpeaksPlainlyIsRefused) {
  const ScriptedServer server([](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  Address address = server.address();
  address.tls = true;
  Client client(address, {});
  EXPECT_EQ(send(client, post()).outcome, Outcome::not_sent);
}

TEST_F(Tls, theDeadlineHoldsInTheHandshake) {
  const ScriptedServer silent([](Peer& peer) { peer.waitForClose(); });
  Address address = silent.address();
  address.tls = true;
  Client client(address, {});
  Request request = post();
  request.limit = 200ms;
  const Exchange exchange = send(client, request);
  EXPECT_EQ(exchange.outcome, Outcome::not_sent);
  EXPECT_EQ(exchange.code, Code::deadline_exceeded);
}

TEST_F(Tls, anAnswerThatIsCutIsUnknown) {
  const ScriptedServer server(
      [](Peer& peer) {
        peer.request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
      },
      authority_.serverContext("IP:127.0.0.1"));
  const Exchange exchange = sendTo(server, "127.0.0.1", authority_, post());
  EXPECT_EQ(exchange.outcome, Outcome::unknown);
  EXPECT_TRUE(exchange.answer_begun);
}

TEST_F(Tls, aFileWithoutCertificatesIsRefusedInWords) {
  ClientOptions options;
  options.ca_file = "/nowhere/ca.pem";
  try {
    Client client(parseAddress("https://lab"), options);
    ADD_FAILURE();
  } catch (const Invalid& error) {
    EXPECT_EQ(error.pointer(), "/ca_file");
    EXPECT_NE(std::string(error.what()).find("/nowhere/ca.pem"), std::string::npos);
  }
  EXPECT_THROW(Client(parseAddress("http://lab"), options), Invalid) << "a file that would never be used";
}

}  // namespace
}  // namespace testarena::http
