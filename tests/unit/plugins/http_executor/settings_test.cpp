// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;

Settings good() {
  Settings settings;
  settings.data = "/data";
  settings.environment = "lab";
  settings.url = "http://lab:8080";
  return settings;
}

std::string refusalOf(const Settings& settings) {
  try {
    checked(settings);
    return "";
  } catch (const Invalid& error) {
    EXPECT_STRNE(error.what(), "");
    return error.pointer();
  }
}

TEST(Settings, sayWhereEverythingIs) {
  Settings settings = good();
  EXPECT_EQ(checked(settings).paths, "/api");
  EXPECT_EQ(checked(settings).control, "/api");
  EXPECT_EQ(checked(settings).environment, "lab");
  EXPECT_EQ(checked(settings).folder, "/data/executors/lab");
  settings.url = "http://lab:8080/behind/";
  settings.prefix = "v1/";
  settings.control_prefix = "/";
  settings.remote_environment = "rig 7";
  settings.id_prefix = "a:";
  EXPECT_EQ(checked(settings).paths, "/behind/v1");
  EXPECT_EQ(checked(settings).control, "/behind");
  EXPECT_EQ(checked(settings).environment, "rig 7");
  EXPECT_EQ(checked(settings).queueOf("7"), "a:7");
  settings.environment = "../x";
  EXPECT_EQ(checked(settings).folder, "/data/executors/%2E.%2Fx");
}

TEST(Settings, thatCannotWorkAreRefusedWithTheirKey) {
  const auto with = [](auto change) {
    Settings settings = good();
    change(settings);
    return refusalOf(settings);
  };
  EXPECT_EQ(refusalOf(good()), "");
  EXPECT_EQ(with([](Settings& s) { s.url = "ftp://lab"; }), "/url");
  EXPECT_EQ(with([](Settings& s) { s.url = "http://lab/?x=1"; }), "/url");
  EXPECT_EQ(with([](Settings& s) { s.prefix = "/a b"; }), "/prefix");
  EXPECT_EQ(with([](Settings& s) { s.prefix = "/a?b"; }), "/prefix");
  EXPECT_EQ(with([](Settings& s) { s.control_prefix = "\n"; }), "/control_prefix");
  EXPECT_EQ(with([](Settings& s) { s.log_url = "http://lab/{id}"; }), "/log_url");
  EXPECT_EQ(with([](Settings& s) { s.log_url = "{job}.log"; }), "/log_url");
  EXPECT_EQ(with([](Settings& s) { s.report_url = "http://lab/{job"; }), "/report_url");
  EXPECT_EQ(with([](Settings& s) { s.verdict_fields = {}; }), "/verdict_fields");
  EXPECT_EQ(with([](Settings& s) { s.pass_words = {" "}; }), "/pass_words");
  EXPECT_EQ(with([](Settings& s) { s.fail_words = {"Pass"}; }), "/fail_words");
  EXPECT_EQ(with([](Settings& s) { s.id_prefix = "-"; }), "/id_prefix");
  EXPECT_EQ(with([](Settings& s) { s.id_prefix = "a/"; }), "/id_prefix");
  EXPECT_EQ(with([](Settings& s) { s.timeout = 0ms; }), "/timeout");
  EXPECT_EQ(with([](Settings& s) { s.in_flight = 5s; }), "/in_flight") << "shorter than the timeout";
  EXPECT_EQ(with([](Settings& s) { s.max_connections = 0; }), "/max_connections");
  EXPECT_EQ(with([](Settings& s) { s.log_limit = 0; }), "/log_limit");
  EXPECT_EQ(with([](Settings& s) { s.data = ""; }), "/data");
}

}  // namespace
}  // namespace testarena::http_executor
