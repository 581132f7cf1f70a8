// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "http_client.h"
#include "scripted_server.h"

namespace testarena::http {

using namespace std::chrono_literals;

class ClientTest : public testing::Test {
 protected:
  static Request get(const std::string& target = "/x") {
    Request request;
    request.target = target;
    request.limit = 20s;
    return request;
  }
  static Request post(const std::string& body = "{}") {
    Request request = get();
    request.method = "POST";
    request.content_type = "application/json";
    request.body = body;
    request.repeatable = false;
    return request;
  }
  static Exchange send(Client& client, const Request& request) {
    Call call(60s);
    return client.send(request, call);
  }
  static Exchange sendTo(const test::ScriptedServer& server, const Request& request) {
    Client client(server.address(), {});
    return send(client, request);
  }
};

}  // namespace testarena::http
