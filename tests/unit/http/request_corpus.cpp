// SPDX-License-Identifier: Apache-2.0
#include "request_corpus.h"

#include <cstdio>
#include <string_view>
#include <utility>

namespace testarena::http::test {
namespace {

using namespace std::string_literals;

const std::string kHost = "Host: localhost\r\n";

/// A GET with these field lines, each with its line end.
std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST / HTTP/1.1\r\n" + kHost + fields + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string hex(unsigned char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02x", byte);
  return text;
}

/// Collects cases; everything refused gets a smuggled request behind it.
class Corpus {
 public:
  void accept(const std::string& name, const std::string& bytes, int requests = 1) {
    cases_.push_back({name, bytes, requests, {}});
  }
  void refuse(const std::string& name, const std::string& bytes, std::vector<int> statuses = {400},
              int accepted_before = 0) {
    cases_.push_back({name, bytes + kSmuggled, accepted_before, std::move(statuses)});
  }
  std::vector<RawCase> take() { return std::move(cases_); }

 private:
  std::vector<RawCase> cases_;
};

void acceptedForms(Corpus& c) {
  c.accept("plain", get(kHost));
  c.accept("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n");
  c.accept("HTTP/1.0 with Host", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
  c.accept("HTTP/1.0 keep-alive, twice", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", 2);
  c.accept("Content-Length 0 on GET", get(kHost + "Content-Length: 0\r\n"));
  c.accept("GET with a body", get(kHost + "Content-Length: 5\r\n") + "12345");
  c.accept("GET with a body, then another", get(kHost + "Content-Length: 5\r\n") + "12345" + get(kHost), 2);
  c.accept("POST with a body", post("Content-Length: 3\r\n", "abc"));
  c.accept("POST with length 000", post("Content-Length: 000\r\n", ""));
  c.accept("length with leading zeros", post("Content-Length: 0000003\r\n", "abc"));
  c.accept("length with blanks around", post("Content-Length: \t 3 \t\r\n", "abc"));
  c.accept("field name in odd case", post("cOnTeNt-lEnGtH: 3\r\n", "abc"));
  c.accept("POST without length is empty", post("", ""));
  c.accept("DELETE without length, twice",
           "DELETE /1 HTTP/1.1\r\n" + kHost + "\r\nDELETE /2 HTTP/1.1\r\n" + kHost + "\r\n", 2);
  c.accept("absolute form with our authority", "GET http://localhost/x HTTP/1.1\r\n" + kHost + "\r\n");
  c.accept("absolute form, https, with port", "GET https://localhost:8080/x HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
  c.accept("absolute form in HTTP/1.0 without Host", "GET http://localhost/x HTTP/1.0\r\n\r\n");
  c.accept("absolute form, scheme in upper case", "GET HTTP://localhost/x HTTP/1.1\r\n" + kHost + "\r\n");
  c.accept("one empty line before the request", "\r\n" + get(kHost));
  c.accept("one empty line between two requests", get(kHost) + "\r\n" + get(kHost), 2);
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += "GET /" + std::to_string(i) + " HTTP/1.1\r\n" + kHost + "\r\n";
  c.accept("ten pipelined requests", ten, 10);
  c.accept("HEAD", "HEAD / HTTP/1.1\r\n" + kHost + "\r\n");
  c.accept("OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n");
  c.accept("Upgrade is ignored", get(kHost + "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  c.accept("Upgrade to HTTP/2 is ignored",
           get(kHost + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"));
  c.accept("obs-text in a field", get(kHost + "X-Name: J\xc3\xb6rg\xff\r\n"));
  c.accept("encoded word in an ordinary field", get(kHost + "X-Name: =?UTF-8?B?c2lk?=\r\n"));
  c.accept("encoded word in Referer", get(kHost + "Referer: http://localhost/?q==?UTF-8?Q?x?=\r\n"));
  c.accept("tab in a value", get(kHost + "X-Name: a\tb\r\n"));
  c.accept("no blank after the colon", get("Host:localhost\r\n"));
  c.accept("many blanks around a value", get("Host:  \t localhost\t  \r\n"));
  c.accept("empty value", get(kHost + "X-Empty:\r\n"));
  c.accept("empty value of blanks", get(kHost + "X-Empty:   \r\n"));
  c.accept("colons in a value", get(kHost + "X-Time: 12:30:45\r\n"));
  c.accept("every token character in a name", get(kHost + "!#$%&'*+-.^_`|~09azAZ: x\r\n"));
  c.accept("the same ordinary field twice", get(kHost + "X-A: 1\r\nX-A: 2\r\n"));
  c.accept("100 fields", [] {
    std::string fields = kHost;
    for (int i = 1; i < 100; ++i) fields += "X-" + std::to_string(i) + ": x\r\n";
    return get(fields);
  }());
  c.accept("a long target", "GET /" + std::string(8000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n");
  c.accept("a long field", get(kHost + "X-Long: " + std::string(8000, 'a') + "\r\n"));
  c.accept("Connection: close", get(kHost + "Connection: close\r\n"));
  c.accept("Expect: 100-continue with the body at once", post("Content-Length: 3\r\nExpect: 100-continue\r\n", "abc"));
  c.accept("Expect: 100-Continue in odd case", post("Content-Length: 3\r\nExpect: 100-Continue\r\n", "abc"));
  for (const char* host :
       {"localhost", "LOCALHOST", "localhost:8080", "127.0.0.1", "127.0.0.1:80", "192.0.2.7", "[::1]", "[::1]:8080",
        "[2001:db8::1]", "arena.example", "Arena.Example:443", "arena.example.", "sub.localhost"})
    c.accept("Host: "s + host, get("Host: "s + host + "\r\n"));
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    c.accept("method "s + method, method + " / HTTP/1.1\r\n"s + kHost + "Content-Length: 0\r\n\r\n");
  for (const char* target : {"/", "/a/b?c=d&e", "//", "/a//b", "/%2F%41", "/~user/-._!$&'()*+,;=:@", "/?", "/??",
                             "/a?b=http://x/", "/|{}\"<>\\^`"})
    c.accept("target "s + target, "GET "s + target + " HTTP/1.1\r\n" + kHost + "\r\n");
}

void acceptedChunks(Corpus& c) {
  c.accept("chunked", chunked("3\r\nabc\r\n0\r\n\r\n"));
  c.accept("chunked, empty", chunked("0\r\n\r\n"));
  c.accept("chunked, several chunks", chunked("1\r\na\r\n2\r\nbc\r\nA\r\n0123456789\r\n0\r\n\r\n"));
  c.accept("chunk size in lower and upper case", chunked("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"));
  c.accept("chunk size of 8 digits", chunked("00000003\r\nabc\r\n0\r\n\r\n"));
  c.accept("last chunk of 8 zeros", chunked("00000000\r\n\r\n"));
  c.accept("chunk data that looks like the end", chunked("5\r\n0\r\n\r\n\r\n0\r\n\r\n"));
  c.accept("two chunked requests", chunked("3\r\nabc\r\n0\r\n\r\n") + chunked("0\r\n\r\n"), 2);
  c.accept("chunked, then plain", chunked("3\r\nabc\r\n0\r\n\r\n") + get(kHost), 2);
}

void lengths(Corpus& c) {
  for (const char* length : {"-5",
                             "+3",
                             "1,0",
                             "3,3",
                             "3, 3",
                             "3;3",
                             "3abc",
                             "abc",
                             "0x3",
                             "3.0",
                             "1e1",
                             " ",
                             "",
                             "3 3",
                             "\t",
                             "=?UTF-8?Q?3?=",
                             "3=?",
                             "1234567890123456",
                             "99999999999999999999999",
                             "\"3\"",
                             "3\xc2\xb2",
                             "\xef\xbc\x93",
                             "0b1",
                             "3\t4",
                             "--3",
                             "3-",
                             "３"})
    c.refuse("Content-Length '"s + length + "'", post("Content-Length: "s + length + "\r\n", "abc"));
  c.refuse("Content-Length 5 and 0", post("Content-Length: 5\r\nContent-Length: 0\r\n", "abcde"));
  c.refuse("Content-Length twice the same", post("Content-Length: 5\r\nContent-Length: 5\r\n", "abcde"));
  c.refuse("Content-Length in two spellings", post("Content-Length: 5\r\ncontent-length: 6\r\n", "abcde"));
  c.refuse("Content-Length with a blank before the colon", post("Content-Length : 3\r\n", "abc"));
  c.refuse("Content-Length with a tab before the colon", post("Content-Length\t: 3\r\n", "abc"));
  c.refuse("larger than what is taken", post("Content-Length: 999999999999999\r\n", ""), {413});
  c.refuse("one byte larger than what is taken", post("Content-Length: 1048577\r\n", ""), {413});
}

void codings(Corpus& c) {
  const std::string end = "0\r\n\r\n";
  for (const char* coding : {"xchunked",
                             "chunkedx",
                             "Chunked",
                             "CHUNKED",
                             "chunked, chunked",
                             "chunked,",
                             ",chunked",
                             "gzip, chunked",
                             "chunked, gzip",
                             "identity",
                             "gzip",
                             "",
                             " ",
                             "chunked;q=1",
                             "\"chunked\"",
                             "'chunked'",
                             "chunked identity",
                             "=?UTF-8?Q?chunked?=",
                             "chunk",
                             "chunked\xff",
                             "ch\tunked",
                             "x, chunked",
                             "chunked\xc2\xa0",
                             "identity, chunked",
                             "trailers, chunked"})
    c.refuse("Transfer-Encoding '"s + coding + "'", post("Transfer-Encoding: "s + coding + "\r\n", end));
  c.refuse("length and chunked", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", end));
  c.refuse("chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", end));
  c.refuse("chunked and length 0", post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", end));
  c.refuse("identity, then chunked", post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", end));
  c.refuse("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", end));
  c.refuse("chunked, then identity", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", end));
  c.refuse("blank before the colon of Transfer-Encoding", post("Transfer-Encoding : chunked\r\n", end));
  c.refuse("tab before the colon of Transfer-Encoding", post("Transfer-Encoding\t: chunked\r\n", end));
  c.refuse("folded Transfer-Encoding", post("Transfer-Encoding:\r\n chunked\r\n", end));
  c.refuse("vertical tab in Transfer-Encoding", post("Transfer-Encoding: \x0b"
                                                     "chunked\r\n",
                                                     end));
  c.refuse("Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n" + end);
  c.refuse("Transfer_Encoding hidden by a blank at the line's start", post(" Transfer-Encoding: chunked\r\n", end));
  c.refuse("Transfer-Encoding after a bare LF", post("X: y\nTransfer-Encoding: chunked\r\n", end));
  c.refuse("Transfer-Encoding after a bare CR", post("X: y\rTransfer-Encoding: chunked\r\n", end));
}

void chunks(Corpus& c) {
  const std::pair<const char*, const char*> broken[] = {
      {"nine digits", "000000003\r\nabc\r\n0\r\n\r\n"},
      {"no CR LF after the data", "3\r\nabcXX0\r\n\r\n"},
      {"only LF after the size", "3\nabc\r\n0\r\n\r\n"},
      {"only LF after the data", "3\r\nabc\n0\r\n\r\n"},
      {"only CR after the data", "3\r\nabc\r0\r\n\r\n"},
      {"no digits", "\r\nabc\r\n0\r\n\r\n"},
      {"a minus", "-3\r\nabc\r\n0\r\n\r\n"},
      {"a plus", "+3\r\nabc\r\n0\r\n\r\n"},
      {"0x", "0x3\r\nabc\r\n0\r\n\r\n"},
      {"a blank before the size", " 3\r\nabc\r\n0\r\n\r\n"},
      {"a blank after the size", "3 \r\nabc\r\n0\r\n\r\n"},
      {"a tab after the size", "3\t\r\nabc\r\n0\r\n\r\n"},
      {"an extension", "3;a=b\r\nabc\r\n0\r\n\r\n"},
      {"an empty extension", "3;\r\nabc\r\n0\r\n\r\n"},
      {"an extension with LF", "3;\nabc\r\n0\r\n\r\n"},
      {"a letter that is no digit", "g\r\nabc\r\n0\r\n\r\n"},
      {"a size that is too small", "2\r\nabc\r\n0\r\n\r\n"},
      {"a trailer field", "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"},
      {"a trailer that is framing", "3\r\nabc\r\n0\r\nContent-Length: 4\r\n\r\n"},
      {"LF LF at the end", "3\r\nabc\r\n0\n\n"},
      {"CR LF LF at the end", "3\r\nabc\r\n0\r\n\n"},
      {"NUL in the size", nullptr},
      {"a comma", "3,3\r\nabc\r\n0\r\n\r\n"},
      {"a point", "3.0\r\nabc\r\n0\r\n\r\n"},
  };
  for (const auto& [name, body] : broken)
    c.refuse("chunk with "s + name, chunked(body == nullptr ? "3\0\r\nabc\r\n0\r\n\r\n"s : std::string(body)));
  c.refuse("chunk larger than what is taken", chunked("FFFFFFFF\r\nabc"), {413});
  c.refuse("chunks that are too large together", chunked("80000\r\n" + std::string(0x80000, 'x') + "\r\n80001\r\n"),
           {413});
}

void lines(Corpus& c) {
  c.refuse("bare LF everywhere", "GET / HTTP/1.1\nHost: localhost\n\n");
  c.refuse("bare LF after the request line", "GET / HTTP/1.1\n" + kHost + "\r\n");
  c.refuse("bare LF after a field", get("Host: localhost\n"));
  c.refuse("bare LF at the end", "GET / HTTP/1.1\r\nHost: localhost\r\n\n");
  c.refuse("bare CR after the request line", "GET / HTTP/1.1\r" + kHost + "\r\n");
  c.refuse("bare CR in a value", get(kHost + "X-A: a\rb\r\n"));
  c.refuse("CR CR LF", "GET / HTTP/1.1\r\r\n" + kHost + "\r\n");
  c.refuse("LF CR", "GET / HTTP/1.1\n\r" + kHost + "\r\n");
  c.refuse("two empty lines before the request", "\r\n\r\n" + get(kHost));
  c.refuse("a bare LF before the request", "\n" + get(kHost));
  c.refuse("a blank before the request", " " + get(kHost));
  c.refuse("folded with a blank", get(kHost + "X-A: a\r\n b\r\n"));
  c.refuse("folded with a tab", get(kHost + "X-A: a\r\n\tb\r\n"));
  c.refuse("folded first line", "GET / HTTP/1.1\r\n X: y\r\n" + kHost + "\r\n");
  c.refuse("a line of one blank", get(kHost + " \r\n"));
  c.refuse("a blank before the colon", get(kHost + "X-A : a\r\n"));
  c.refuse("no colon", get(kHost + "X-A\r\n"));
  c.refuse("an empty name", get(kHost + ": a\r\n"));
  c.refuse("a blank in a name", get(kHost + "X A: a\r\n"));
  for (char byte : "\"(),/;<=>?@[\\]{}"s) c.refuse("'"s + byte + "' in a name", get(kHost + "X" + byte + "A: a\r\n"));
  c.refuse("obs-text in a name", get(kHost + "X\xc3\xa9: a\r\n"));
  for (int i = 0; i < 0x20; ++i) {
    auto byte = static_cast<char>(i);
    if (byte == '\r' || byte == '\n') continue;
    std::string text = hex(static_cast<unsigned char>(i));
    c.refuse(text + " in a name", get(kHost + "X" + byte + "A: a\r\n"));
    c.refuse(text + " in the method", "G"s + byte + "T / HTTP/1.1\r\n" + kHost + "\r\n");
    c.refuse(text + " in the target", "GET /a"s + byte + "b HTTP/1.1\r\n" + kHost + "\r\n");
    if (byte != '\t') c.refuse(text + " in a value", get(kHost + "X-A: a" + byte + "b\r\n"));
  }
  c.refuse("DEL in a value", get(kHost + "X-A: a\x7f"
                                         "b\r\n"));
  c.refuse("DEL in the target", "GET /\x7f HTTP/1.1\r\n" + kHost + "\r\n");
}

void requestLines(Corpus& c) {
  for (const char* line : {"GET  / HTTP/1.1",
                           "GET / HTTP/1.1 ",
                           "GET /  HTTP/1.1",
                           "GET /",
                           "GET",
                           "GET / ",
                           "GET HTTP/1.1",
                           "GET / HTTP",
                           "GET / HTTP/",
                           "GET / HTTP/1",
                           "GET / HTTP/1.",
                           "GET / HTTP/.1",
                           "GET / http/1.1",
                           "GET / HTTP/1.1x",
                           "GET / HTTP/11",
                           "GET / HTTP/1.10",
                           "GET / HTTP/01.1",
                           "GET / HTTP/+1.1",
                           "GET / HTTP/1,1",
                           "GET / XTTP/1.1",
                           "GET / HTTPS/1.1",
                           "GET /a b HTTP/1.1",
                           "G(T / HTTP/1.1",
                           "G@T / HTTP/1.1",
                           "GET /\xc3\xa9 HTTP/1.1",
                           "GET /# HTTP/1.1",
                           "GET x HTTP/1.1",
                           "GET * HTTP/1.1",
                           "GET ?a HTTP/1.1",
                           "GET \\ HTTP/1.1",
                           "GET ftp://localhost/ HTTP/1.1",
                           "GET file:///etc/passwd HTTP/1.1",
                           "GET http:/// HTTP/1.1",
                           "GET http://localhost HTTP/1.1",
                           "GET http://evil.example/x HTTP/1.1",
                           "GET http://user@localhost/ HTTP/1.1",
                           "GET http://localhost:x/ HTTP/1.1",
                           "GET http://127.0.0.1/ HTTP/1.1",
                           "GET localhost:80 HTTP/1.1",
                           "GET / <script> HTTP/1.1",
                           "GET / <script>",
                           "{\"json\":true}"})
    c.refuse("line '"s + line + "'", line + "\r\n"s + kHost + "\r\n");
  for (const char* version : {"0.9", "1.2", "1.9", "2.0", "3.0", "0.0", "9.9"})
    c.refuse("version "s + version, "GET / HTTP/"s + version + "\r\n" + kHost + "\r\n", {505});
  c.refuse("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505});
  c.refuse("a TLS greeting", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s);
  for (const char* method : {"BREW", "TRACE", "CONNECT", "PROPFIND", "get", "Get", "GETT", "G", "*", "!"})
    c.refuse("method "s + method, method + " / HTTP/1.1\r\n"s + kHost + "\r\n", {400, 405, 501});
  c.refuse("CONNECT with an authority", "CONNECT localhost:80 HTTP/1.1\r\n" + kHost + "\r\n", {400, 405, 501});
  c.refuse("a method of 40 letters", std::string(40, 'A') + " / HTTP/1.1\r\n" + kHost + "\r\n", {400, 501});
}

void hosts(Corpus& c) {
  c.refuse("no Host", "GET / HTTP/1.1\r\n\r\n");
  c.refuse("no Host but others", "GET / HTTP/1.1\r\nX-Host: localhost\r\n\r\n");
  c.refuse("Host twice", get(kHost + kHost));
  c.refuse("Host twice, different", get(kHost + "Host: evil.example\r\n"));
  c.refuse("Host twice in HTTP/1.0", "GET / HTTP/1.0\r\n" + kHost + kHost + "\r\n");
  c.refuse("absolute form for another Host", "GET http://arena.example/ HTTP/1.1\r\n" + kHost + "\r\n");
  c.refuse("absolute form with another port", "GET http://localhost:1/ HTTP/1.1\r\nHost: localhost:2\r\n\r\n");
  for (const char* host : {"",
                           " ",
                           "evil.example",
                           "localhost.evil.example",
                           "evil.example:80",
                           "arena.example.evil.example",
                           "xlocalhost",
                           "localhost:",
                           "localhost:x",
                           "localhost:99999",
                           "localhost:123456",
                           "localhost:-1",
                           "localhost:8 0",
                           "local host",
                           "user@localhost",
                           "localhost/",
                           "localhost/x",
                           "http://localhost",
                           "[::1",
                           "::1",
                           "[::1]x",
                           "[::1]:",
                           "[::g]",
                           "[]",
                           "[localhost]",
                           "a..b",
                           ".localhost",
                           "-a",
                           "localhost,localhost",
                           "localhost localhost",
                           "localhost\\x",
                           "localhost?x",
                           "localhost#x",
                           "loc%61lhost",
                           "l\xc3\xb6"
                           "calhost",
                           "=?UTF-8?Q?localhost?=",
                           "<script>",
                           "localhost;x",
                           "\"localhost\"",
                           "256.1.1.1x",
                           "*"})
    c.refuse("Host '"s + host + "'", get("Host: "s + host + "\r\n"));
}

void fields(Corpus& c) {
  for (const char* name : {"Cookie", "Authorization", "Origin", "Connection", "Content-Type", "Expect"})
    c.refuse("encoded word in "s + name, get(kHost + name + ": =?UTF-8?B?c2lkPWV2aWw=?=\r\n"));
  for (const char* name : {"Cookie", "Authorization", "Origin", "Content-Type"})
    c.refuse(name + " twice"s, get(kHost + name + ": a\r\n" + name + ": a\r\n"));
  c.refuse("an unknown expectation", post("Content-Length: 3\r\nExpect: 200-maybe\r\n", "abc"));
  c.refuse("too many fields",
           [] {
             std::string lines = kHost;
             for (int i = 0; i < 100; ++i) lines += "X-" + std::to_string(i) + ": x\r\n";
             return get(lines);
           }(),
           {431});
  c.refuse("a field that is too long", get(kHost + "X: " + std::string(8192, 'x') + "\r\n"), {431});
  c.refuse("a name that is too long", get(kHost + std::string(129, 'x') + ": x\r\n"), {431});
  c.refuse("a head that is too long",
           get(kHost + "A: " + std::string(8000, 'x') + "\r\nB: " + std::string(8000, 'x') +
               "\r\nC: " + std::string(8000, 'x') + "\r\n"),
           {431});
  c.refuse("a target that is too long", "GET /" + std::string(8192, 'x') + " HTTP/1.1\r\n" + kHost + "\r\n", {414});
  c.refuse("a target that is far too long", "GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n" + kHost + "\r\n",
           {414});
  c.refuse("a field without end", "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x'), {431});
}

void sequences(Corpus& c) {
  c.refuse("a good request, then a broken one", get(kHost) + "GET / HTTP/1.1\r\n\r\n", {400}, 1);
  c.refuse("two good ones, then a length that lies",
           get(kHost) + get(kHost) + post("Content-Length: 2\r\n", "") + "xyz\n", {400}, 3);
  c.refuse("a body longer than its length", post("Content-Length: 3\r\n", "abc\x01"), {400}, 1);
  c.refuse("bytes after the last chunk", chunked("0\r\n\r\n") + "\x01", {400}, 1);
}

}  // namespace

std::vector<RawCase> requestCorpus() {
  Corpus corpus;
  acceptedForms(corpus);
  acceptedChunks(corpus);
  lengths(corpus);
  codings(corpus);
  chunks(corpus);
  lines(corpus);
  requestLines(corpus);
  hosts(corpus);
  fields(corpus);
  sequences(corpus);
  return corpus.take();
}

}  // namespace testarena::http::test
