// SPDX-License-Identifier: Apache-2.0
#include "remote.h"

#include <testarena/utf8.h>

namespace testarena::http_executor {
namespace {

constexpr std::size_t kShown = 300;

http::ClientOptions optionsOf(const Settings& settings) {
  http::ClientOptions options;
  options.ca_file = settings.ca_file;
  options.max_connections = static_cast<std::size_t>(settings.max_connections);
  return options;
}

}  // namespace

Remote::Remote(const Profile& profile, const Host& host)
    : profile_(profile), host_(host), client_(profile.server, optionsOf(profile.settings)) {}

http::Request Remote::request(std::string method, std::string target) const {
  http::Request request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.limit = profile_.settings.timeout;
  if (!profile_.settings.token.empty()) {
    try {
      request.bearer = host_.secret("token");  // as it is now: its file may have been changed
    } catch (const NotFound&) {
      request.bearer = profile_.settings.token;
    }
  }
  return request;
}

http::Request Remote::postOf(std::string target, std::string json) const {
  http::Request post = request("POST", std::move(target));
  post.content_type = "application/json";
  post.body = std::move(json);
  post.repeatable = false;
  return post;
}

http::Exchange Remote::send(const http::Request& request, const Call& call) {
  http::Exchange exchange = client_.send(request, call);
  if (exchange.outcome != http::Outcome::answered && exchange.code != Code::cancelled) lost_ = true;
  return exchange;
}

std::string said(const http::Answer& answer) {
  std::string text = answer.body;
  try {
    const json::Value body = json::parse(answer.body);
    if (const auto detail = body.word("detail")) {
      text = *detail;
    } else if (const auto error = body.word("error")) {
      text = *error;
    }
  } catch (const Invalid&) {  // then it is shown as it stands
  }
  std::string clean;
  for (const char c : cleanUtf8(std::string_view(text).substr(0, kShown))) {
    const bool isControl = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
    if (!isControl) clean += c;
    if (isControl && !clean.empty() && clean.back() != ' ') clean += ' ';
  }
  return std::to_string(answer.status) + (clean.empty() ? "" : ": " + clean);
}

json::Value jsonOf(const http::Request& request, const http::Answer& answer) {
  try {
    return json::parse(answer.body);
  } catch (const Invalid& error) {
    throw Unavailable("the answer to " + request.method + " " + request.target + " is not understood (" + error.what() +
                      "): " + said(answer));
  }
}

std::string inPath(const std::string& id) {
  return http::percentEncoded(id, ":");
}

}  // namespace testarena::http_executor
