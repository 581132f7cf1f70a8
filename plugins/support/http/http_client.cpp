// SPDX-License-Identifier: Apache-2.0
#include "http_client.h"

#include <array>

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>

#include <testarena/utf8.h>

#include "answer_parser.h"
#include "connection_pool.h"

namespace testarena::http {
namespace {

using Poco::Net::Context;

Context::Ptr makeTls(const Address& server, const std::string& caFile) {
  if (!server.tls) {
    if (!caFile.empty()) throw Invalid("ca_file is only of use with https", "/ca_file");
    return nullptr;
  }
  Context::Params how;
  how.verificationMode = Context::VERIFY_STRICT;  // Poco's own default spares localhost and missing certificates
  how.loadDefaultCAs = caFile.empty();
  how.caLocation = caFile;
  how.cipherList = "HIGH:!aNULL:!MD5:!3DES:!PSK:!SRP";
  try {
    Context::Ptr context = new Context(Context::TLS_CLIENT_USE, how);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
    return context;
  } catch (const Poco::Exception& error) {
    throw Invalid("'" + caFile + "' is no file with certificates (PEM): " + cleanUtf8(error.displayText()), "/ca_file");
  }
}

/// Nothing but what HTTP and the request need: some servers refuse what they do not expect.
std::string headOf(const Request& request, const Address& server) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + server.hostField() + "\r\n";
  if (!request.bearer.empty()) head += "Authorization: Bearer " + request.bearer + "\r\n";
  if (!request.content_type.empty()) head += "Content-Type: " + request.content_type + "\r\n";
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return head + "\r\n";
}

/// A line break in one of these would make a second request of it.
void check(const Request& request) {
  const auto isBad = [](std::string_view text, char from) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < static_cast<unsigned char>(from) || c == 0x7f) return true;
    }
    return false;
  };
  if (request.target.empty() || request.target[0] != '/' || isBad(request.target, '!')) {
    throw Invalid("a target of a request begins with / and has neither spaces nor control characters");
  }
  if (isBad(request.bearer, '!')) throw Invalid("a token has neither spaces nor line breaks", "/token");
  if (isBad(request.method, '!') || isBad(request.content_type, ' ')) throw Invalid("no method or type of content");
}

/// How far one attempt came.
struct Progress {
  bool reused = false;
  bool sending = false;  ///< the first octet may have left
  bool closed = false;   ///< the server has closed in an orderly way
};

}  // namespace

struct Client::Core {
  Core(Address where, const ClientOptions& options)
      : server(std::move(where)), tls(makeTls(server, options.ca_file)), pool(options.max_connections) {
    if (options.max_connections < 1) throw Invalid("at least one connection is needed", "/max_connections");
  }

  void attempt(const Request& request, bool mayReuse, const Patience& patience, AnswerParser& parser,
               Progress& progress) {
    auto lease = pool.lease(mayReuse, patience);
    progress.reused = lease.connection != nullptr;
    if (!lease.connection) lease.connection = std::make_unique<Connection>(server, tls, resolver, patience);
    const std::string head = headOf(request, server);
    progress.sending = true;
    // One piece where that is cheap: two small ones are two packets.
    if (request.body.size() < 16'384) {
      lease.connection->sendAll(head + request.body, patience);
    } else {
      lease.connection->sendAll(head, patience);
      lease.connection->sendAll(request.body, patience);
    }
    std::array<char, 32'768> buffer;
    while (!parser.isWhole()) {
      const std::string_view got = lease.connection->receive(buffer.data(), buffer.size(), patience);
      if (got.empty()) {
        progress.closed = true;
        parser.close();
        break;
      }
      const bool tooMuch = parser.take(got) < got.size();
      if (tooMuch && parser.isWhole()) return;  // whole, but what follows is nobody's: the connection is closed
    }
    if (parser.keepsAlive()) lease.handBack();
  }

  const Address server;
  const Context::Ptr tls;
  Resolver resolver;
  ConnectionPool pool;
};

Client::Client(Address server, ClientOptions options) : core_(std::make_unique<Core>(std::move(server), options)) {}

Client::~Client() = default;

const Address& Client::server() const {
  return core_->server;
}

Exchange Client::send(const Request& request, const Call& call) {
  check(request);
  const Patience patience(call, request.limit);
  Exchange exchange;
  for (bool mayReuse = request.repeatable;; mayReuse = false) {
    AnswerParser parser({AnswerParser::Limits{}.head, request.max_body}, request.sink);
    Progress progress;
    try {
      core_->attempt(request, mayReuse, patience, parser, progress);
      exchange.outcome = Outcome::answered;
    } catch (const Error& error) {
      // The server closed it while it was idle: the request never had a chance.
      const bool wasStale = progress.reused && !parser.hasBegun() && error.code() == Code::unavailable;
      if (wasStale) continue;
      exchange.outcome = progress.sending ? Outcome::unknown : Outcome::not_sent;
      exchange.code = error.code();
      exchange.problem = request.method + " " + core_->server.server() + request.target + ": " + error.what();
    }
    exchange.answer_begun = parser.hasBegun();
    exchange.body_is_too_long = parser.isTooLong();
    exchange.ended_by_closing = parser.endsByClosing() && progress.closed;
    exchange.answer = std::move(parser.answer());
    return exchange;
  }
}

const Answer& Exchange::whole() const {
  if (outcome != Outcome::answered) throwError(code, problem);
  return answer;
}

}  // namespace testarena::http
