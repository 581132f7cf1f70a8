// SPDX-License-Identifier: Apache-2.0
#include "poco_reader.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>

namespace testarena::http::test {
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
  void setSendTimeout(const Poco::Timespan&) override {}
  void setReceiveTimeout(const Poco::Timespan&) override {}
  void setRawOption(int, int, const void*, ::poco_socklen_t) override {}

 private:
  static const net::SocketAddress& unknown() {
    static const net::SocketAddress address;
    return address;
  }
  std::string_view left_;
};

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

bool pocoAgrees(std::string_view head_bytes, const Head& head) {
  std::string shown =
      head_bytes.find("=?") == std::string_view::npos ? std::string(head_bytes) : withoutEncodedWords(head_bytes, head);
  try {
    net::HTTPServerSession session(net::StreamSocket(new HeadSocket(shown)), parameters());
    net::HTTPServerResponseImpl response(session);
    net::HTTPServerRequestImpl request(response, session, parameters().get());
    std::string_view uri = request.getURI();
    std::string_view target = head.target.in(head_bytes);
    // An absolute target keeps its authority there.
    bool same_target = uri.size() >= target.size() && uri.substr(uri.size() - target.size()) == target;
    bool same_length = head.body == Head::Body::length
                           ? request.getContentLength64() == static_cast<Poco::Int64>(head.content_length)
                           : !request.hasContentLength() || request.getContentLength64() == 0;
    return request.getMethod() == head.method.in(head_bytes) && same_target && same_length &&
           request.getVersion() == (head.http11 ? net::HTTPMessage::HTTP_1_1 : net::HTTPMessage::HTTP_1_0) &&
           request.getChunkedTransferEncoding() == (head.body == Head::Body::chunked);
  } catch (const Poco::Exception&) {
    return false;
  }
}

}  // namespace testarena::http::test
