// SPDX-License-Identifier: Apache-2.0
#include "static_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::http::test {
namespace {

namespace fs = std::filesystem;
using testing::Optional;

class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() {
    std::string name = (fs::temp_directory_path() / "testarena-static.XXXXXX").string();
    folder_ = mkdtemp(name.data());
    write("index.html", "<!doctype html>");
    write("app-5F3A9C1B.js", "let a = 1;");
    write("app-5F3A9C1B.js.gz", "compressed");
    write("icons/logo.svg", "<svg/>");
    write("my-javascript.js", "let b;");
    write(".hidden", "secret");
    write(".git/config", "secret");
    fs::create_symlink("/etc/passwd", folder_ / "link.txt");
  }
  ~StaticFilesTest() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  static Request get(const std::string& path, const std::string& fields = {}) {
    return requestFromText("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  }
  fs::path folder_;
};

TEST_F(StaticFilesTest, servesWhatWasThere) {
  StaticFiles files = StaticFiles::load(folder_);
  EXPECT_EQ(files.size(), 4U);
  auto page = files.answer(get("/"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body(), "<!doctype html>");
  EXPECT_EQ(page->kind(), AnswerKind::page);
  EXPECT_THAT(page->header("content-type"), Optional(std::string_view("text/html; charset=utf-8")));
  EXPECT_THAT(page->header("cache-control"), Optional(std::string_view("no-cache")));
  EXPECT_EQ(files.answer(get("/icons/logo.svg"))->body(), "<svg/>");
  EXPECT_EQ(files.answer(get("/jobs/7"), "index.html")->body(), "<!doctype html>");
}

TEST_F(StaticFilesTest, namesWithAHashNeverChange) {
  StaticFiles files = StaticFiles::load(folder_);
  EXPECT_THAT(files.answer(get("/app-5F3A9C1B.js"))->header("cache-control"),
              Optional(testing::HasSubstr("immutable")));
  EXPECT_THAT(files.answer(get("/my-javascript.js"))->header("cache-control"), Optional(std::string_view("no-cache")));
}

TEST_F(StaticFilesTest, compressedBytesGoToThoseWhoTakeThem) {
  StaticFiles files = StaticFiles::load(folder_);
  auto plain = files.answer(get("/app-5F3A9C1B.js"));
  EXPECT_EQ(plain->body(), "let a = 1;");
  EXPECT_THAT(plain->header("vary"), Optional(std::string_view("Accept-Encoding")));
  auto gzip = files.answer(get("/app-5F3A9C1B.js", "Accept-Encoding: br, gzip;q=0.5\r\n"));
  EXPECT_EQ(gzip->body(), "compressed");
  EXPECT_THAT(gzip->header("content-encoding"), Optional(std::string_view("gzip")));
  EXPECT_NE(gzip->header("etag"), plain->header("etag"));
  EXPECT_EQ(files.answer(get("/app-5F3A9C1B.js", "Accept-Encoding: gzip;q=0, br\r\n"))->body(), "let a = 1;");
}

TEST_F(StaticFilesTest, whoHasItGets304) {
  StaticFiles files = StaticFiles::load(folder_);
  std::string etag(*files.answer(get("/"))->header("etag"));
  auto again = files.answer(get("/", "If-None-Match: \"other\", " + etag + "\r\n"));
  EXPECT_EQ(again->status(), 304);
  EXPECT_EQ(again->body(), "");
  EXPECT_EQ(files.answer(get("/", "If-None-Match: \"other\"\r\n"))->status(), 200);
  write("index.html", "<!doctype html>changed");
  EXPECT_NE(*StaticFiles::load(folder_).answer(get("/"))->header("etag"), etag);
}

TEST_F(StaticFilesTest, nothingElseIsFound) {
  StaticFiles files = StaticFiles::load(folder_);
  for (const char* path :
       {"/.hidden", "/.git/config", "/link.txt", "/etc/passwd", "/index.html/", "/icons", "/icons/",
        "/icons%2Flogo.svg", "/..%2findex.html", "/%252e%252e/index.html", "/..%5cindex.html", "//index.html",
        "/index.html%20", "/INDEX.HTML", "/proc/self/environ", "/app-5F3A9C1B.js.gz", "/CON"})
    EXPECT_FALSE(files.answer(get(path))) << path;
}

TEST_F(StaticFilesTest, aMissingOrHugeFolderIsAnError) {
  EXPECT_THROW(StaticFiles::load((folder_ / "nowhere").string()), NotFound);
  EXPECT_THROW(StaticFiles::load(folder_, 10), Invalid);
  EXPECT_FALSE(StaticFiles().answer(get("/")));
}

}  // namespace
}  // namespace testarena::http::test
