// SPDX-License-Identifier: Apache-2.0
// One HTTP answer as handlers make it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testarena::http {

class PendingAnswer;  // pending_answer.h
struct Stream;        // event_hub.h

/// A body that is made piece by piece while it is sent, so that its size costs no memory.
struct BodySource {
  std::uint64_t size = 0;  ///< of the whole body; it stands in the head before anything of it is read
  /// The bytes from `offset` on: at least one, at most `most`. Called on a worker's thread, never twice at once; may
  /// block. What it throws, and an empty answer, cut the connection: the client sees that the body is not whole.
  std::function<std::string(std::uint64_t offset, std::size_t most)> read;
};

/// Which content security policy an answer gets (ServerOptions holds the texts).
enum class AnswerKind {
  data,      ///< JSON, logs, problems: nothing may be loaded or framed
  page,      ///< the dashboard's documents
  download,  ///< bytes that somebody else wrote (artifacts, reports): additionally sandboxed
};

inline constexpr std::size_t kAnswerKinds = 3;

/// A cookie to set. Always HttpOnly, SameSite=Lax and for the path "/".
struct Cookie {
  std::string name;
  std::string value;  ///< empty with max_age 0 removes the cookie
  bool secure = true;
  std::optional<std::chrono::seconds> max_age;  ///< none: until the browser closes
};

/// A status, fields and a body. Not shared between threads. The front adds Date, Content-Length, Connection,
/// X-Request-Id and the security fields; it leaves the body out for HEAD, 204 and 304.
class Response {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  explicit Response(int status = 200);
  ~Response();
  Response(Response&&) noexcept;
  Response& operator=(Response&&) noexcept;

  static Response json(std::string body, int status = 200);
  static Response text(std::string body, int status = 200);
  static Response noContent();
  /// 303 to a path of this server. Throws Invalid unless `path` starts with one '/' and holds no backslash or control
  /// byte.
  static Response redirect(std::string_view path);

  int status() const { return status_; }
  Response& setStatus(int status);

  /// Sets a field, replacing all of that name. The one place where fields come to be: throws Invalid when the name is
  /// not a token or the value holds a control byte (0x00-0x1F, 0x7F), so that no text can add a field or an answer.
  Response& setHeader(std::string_view name, std::string_view value);
  /// Adds another field of that name (Set-Cookie, Link). Same check.
  Response& addHeader(std::string_view name, std::string_view value);
  /// Throws Invalid for a value outside of the cookie alphabet.
  Response& setCookie(const Cookie& cookie);
  const Fields& headers() const { return fields_; }
  std::optional<std::string_view> header(std::string_view name) const;

  Response& setBody(std::string body, std::string_view content_type);
  /// Bytes that several answers share (caches, static files): not copied. Must not be null.
  Response& setBody(std::shared_ptr<const std::string> body, std::string_view content_type);
  /// Bytes that are not in memory. Nothing is read for HEAD.
  Response& setBody(BodySource source, std::string_view content_type);
  std::string_view body() const;
  /// Null unless the body is made while it is sent.
  const BodySource* bodySource() const { return source_.get(); }
  /// The body as an owner that can outlive the response.
  std::shared_ptr<const std::string> sharedBody() const { return body_; }

  AnswerKind kind() const { return kind_; }
  Response& setKind(AnswerKind kind);

  /// Close the connection after this answer.
  Response& closeConnection();
  bool closesConnection() const { return closes_; }

  /// An answer that is to come later: nothing else of this response counts. `begin` is called on the worker's thread
  /// when the connection has been set aside; it keeps the pending answer and gives it from any thread
  /// (pending_answer.h).
  static Response later(std::function<void(std::shared_ptr<PendingAnswer>)> begin);
  const std::function<void(std::shared_ptr<PendingAnswer>)>& begin() const { return begin_; }

  /// Turns the answer into an event stream: the connection leaves the workers and belongs to the EventHub. Status 200.
  Response& setStream(Stream stream);
  /// Null unless it is a stream.
  Stream* stream() { return stream_.get(); }
  const Stream* stream() const { return stream_.get(); }

 private:
  int status_;
  AnswerKind kind_ = AnswerKind::data;
  bool closes_ = false;
  Fields fields_;
  std::shared_ptr<const std::string> body_;
  std::unique_ptr<BodySource> source_;
  std::function<void(std::shared_ptr<PendingAnswer>)> begin_;
  std::unique_ptr<Stream> stream_;
};

/// The fixed reason phrase of a status ("Not Found"); "Status" for one that has none.
std::string_view reasonPhrase(int status);

}  // namespace testarena::http
