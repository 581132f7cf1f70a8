// SPDX-License-Identifier: Apache-2.0
#include "poco_exchange.h"

#include <algorithm>
#include <cstring>
#include <ostream>
#include <streambuf>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>

namespace testarena::http {
namespace {

namespace net = Poco::Net;

/// A socket that holds the checked head in memory and is at its end after it.
class HeadSocket : public net::StreamSocketImpl {
 public:
  explicit HeadSocket(std::string_view bytes) : left_(bytes) {}

  int receiveBytes(void* buffer, int length, int /*flags*/) override {
    std::size_t size = std::min(left_.size(), static_cast<std::size_t>(length));
    std::memcpy(buffer, left_.data(), size);
    left_.remove_prefix(size);
    return static_cast<int>(size);
  }
  net::SocketAddress peerAddress() override { return unknown(); }
  net::SocketAddress address() override { return unknown(); }
  // Without a descriptor there is nothing to set.
  void setSendTimeout(const ::Poco::Timespan&) override {}
  void setReceiveTimeout(const ::Poco::Timespan&) override {}
  void setRawOption(int, int, const void*, ::poco_socklen_t) override {}

 private:
  static const net::SocketAddress& unknown() {
    static const net::SocketAddress address;
    return address;
  }
  std::string_view left_;
};

/// Writes into a text without the copy that std::ostringstream makes.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string& text) : text_(text) {}

 protected:
  int_type overflow(int_type c) override {
    if (c != traits_type::eof()) text_ += static_cast<char>(c);
    return c;
  }
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    text_.append(data, static_cast<std::size_t>(size));
    return size;
  }

 private:
  std::string& text_;
};

std::string written(net::HTTPResponse& response, int status, std::string_view reason,
                    const PocoExchange::Fields& fields) {
  response.setVersion(net::HTTPMessage::HTTP_1_1);
  response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(status), std::string(reason));
  for (const auto& [name, value] : fields) response.add(name, value);
  std::string text;
  text.reserve(1024);
  TextBuffer buffer(text);
  std::ostream stream(&buffer);
  response.write(stream);
  return text;
}

net::HTTPServerParams::Ptr parameters() {
  static const net::HTTPServerParams::Ptr shared = new net::HTTPServerParams;
  return shared;
}

/// The head without the fields that Poco would decode.
std::string withoutEncodedWords(std::string_view bytes, const Head& head) {
  std::string text(bytes.substr(0, bytes.find('\n') + 1));
  for (const Head::Field& field : head.fields) {
    std::string_view value = field.value.in(bytes);
    if (value.find("=?") != std::string_view::npos) continue;
    text.append(field.name.in(bytes)).append(": ").append(value).append("\r\n");
  }
  return text + "\r\n";
}

}  // namespace

struct PocoExchange::Poco {
  explicit Poco(std::string_view head)
      : session(net::StreamSocket(new HeadSocket(head)), parameters()),
        response(session),
        request(response, session, parameters().get()) {}

  net::HTTPServerSession session;
  net::HTTPServerResponseImpl response;
  net::HTTPServerRequestImpl request;
};

PocoExchange::PocoExchange(std::string_view head_bytes, const Head& head) : bytes_(head_bytes), head_(head) {
  try {
    if (head_bytes.find("=?") == std::string_view::npos)
      poco_ = std::make_unique<Poco>(head_bytes);
    else
      poco_ = std::make_unique<Poco>(withoutEncodedWords(head_bytes, head));
  } catch (const ::Poco::Exception&) {
    poco_ = nullptr;  // It does not agree.
  }
}

PocoExchange::~PocoExchange() = default;

bool PocoExchange::agrees() const {
  if (!poco_) return false;
  const net::HTTPServerRequestImpl& request = poco_->request;
  std::string_view uri = request.getURI();
  std::string_view target = head_.target.in(bytes_);
  // An absolute target keeps its authority there.
  bool same_target = uri.size() >= target.size() && uri.substr(uri.size() - target.size()) == target;
  bool same_length = head_.body == Head::Body::length
                         ? request.getContentLength64() == static_cast<::Poco::Int64>(head_.content_length)
                         : !request.hasContentLength() || request.getContentLength64() == 0;
  return request.getMethod() == head_.method.in(bytes_) && same_target && same_length &&
         request.getVersion() == (head_.http11 ? net::HTTPMessage::HTTP_1_1 : net::HTTPMessage::HTTP_1_0) &&
         request.getChunkedTransferEncoding() == (head_.body == Head::Body::chunked);
}

std::string PocoExchange::answerHead(int status, std::string_view reason, const Fields& fields) {
  if (!poco_) return http::answerHead(status, reason, fields);
  return written(poco_->response, status, reason, fields);
}

std::string answerHead(int status, std::string_view reason, const PocoExchange::Fields& fields) {
  net::HTTPResponse response;
  return written(response, status, reason, fields);
}

}  // namespace testarena::http
