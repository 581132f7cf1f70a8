// SPDX-License-Identifier: Apache-2.0
#include "schema.h"

#include <gtest/gtest.h>

#include <testarena/error.h>
#include <testarena/record.h>

#include "record_reader.h"
#include "settings.h"
#include "temporary_folder.h"

namespace testarena {
namespace {

constexpr std::string_view kSchema = R"({
  "type": "object", "required": ["url"], "properties": {
    "url": {"type": "string", "format": "uri", "description": "where the farm listens"},
    "token": {"type": "string", "x-secret": true, "minLength": 4},
    "slots": {"type": "integer", "minimum": 1, "maximum": 64, "default": 4},
    "rate": {"type": "number", "default": 2},
    "verbose": {"type": "boolean", "default": false},
    "timeout": {"type": "string", "format": "duration", "minimum": "100ms", "maximum": "1h", "default": "20s"},
    "cache": {"type": "string", "format": "size", "default": "64MiB"},
    "level": {"type": "string", "enum": ["low", "high"], "default": "low"},
    "account": {"type": "string", "pattern": "[a-z]+"},
    "hosts": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
    "colour": {"type": "string", "x-deprecated": "use 'level'"},
    "roles": {"type": "object", "additionalProperties": {"type": "string", "enum": ["viewer", "user"]}},
    "free": {"type": "object", "additionalProperties": true},
    "tls": {"type": "object", "properties": {
      "ca_file": {"type": "string", "format": "path"},
      "key": {"type": "string", "x-secret": true},
      "verify": {"type": "boolean", "default": true}}},
    "nested": {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {
      "name": {"type": "string", "minLength": 1, "maxLength": 8}, "weight": {"type": "integer", "default": 1}}}}}})";

const Schema& schema() {
  static const Schema schema(kSchema, "farm");
  return schema;
}

struct Checked {
  Value value;
  Problems problems;
};

Checked check(std::string_view toml) {
  Checked checked;
  checked.value = schema().check(parseToml(toml, "t.toml"), checked.problems, "executor");
  return checked;
}

TEST(Schema, fillsDefaultsAndTurnsUnitsIntoNumbers) {
  const Checked checked = check("url = \"http://farm\"\ntimeout = \"2m\"\n");
  ASSERT_FALSE(checked.problems.hasErrors()) << checked.problems.errorText();
  const Value& value = checked.value;
  EXPECT_EQ(value.find("slots")->integer(), 4);
  EXPECT_EQ(value.find("slots")->origin().kind, Origin::Kind::default_value);
  EXPECT_TRUE(value.find("rate")->isReal());
  EXPECT_EQ(value.find("timeout")->integer(), 120'000);
  EXPECT_EQ(value.find("cache")->integer(), 64 << 20);
  EXPECT_TRUE(value.find("tls")->find("verify")->boolean());
  EXPECT_EQ(value.find("token"), nullptr);
  EXPECT_EQ(value.find("nested"), nullptr);
}

TEST(Schema, fillsDefaultsWithinLists) {
  const Checked checked = check("url = \"http://farm\"\nnested = [{name = \"a\"}, {name = \"b\", weight = 7}]\n");
  ASSERT_FALSE(checked.problems.hasErrors()) << checked.problems.errorText();
  EXPECT_EQ(checked.value.find("nested")->list()[0].find("weight")->integer(), 1);
  EXPECT_EQ(checked.value.find("nested")->list()[1].find("weight")->integer(), 7);
}

struct Mistake {
  const char* toml;
  const char* line;  ///< what is said, whole
};

constexpr const char* kKnown =
    "known keys: url, token, token_file, slots, rate, verbose, timeout, cache, level, account, hosts, colour, roles, "
    "free, tls, nested";

// Each is put behind a line with a right `url`, so that it stands in line 2.
const Mistake kMistakes[] = {
    {"solts = 3", "t.toml:2:1: executor.solts: unknown key — did you mean 'slots'?  KNOWN"},
    {"Slots = 3", "t.toml:2:1: executor.Slots: unknown key — did you mean 'slots'?  KNOWN"},
    {"nonsense = 3", "t.toml:2:1: executor.nonsense: unknown key  KNOWN"},
    {"\"a b\" = 3", "t.toml:2:1: executor.\"a b\": unknown key  KNOWN"},
    {"\"\" = 3", "t.toml:2:1: executor.\"\": unknown key  KNOWN"},
    {"slots = \"3\"", "t.toml:2:1: executor.slots: must be an integer (got \"3\")"},
    {"slots = 3.0", "t.toml:2:1: executor.slots: must be an integer (got 3)"},
    {"slots = true", "t.toml:2:1: executor.slots: must be an integer (got true)"},
    {"slots = []", "t.toml:2:1: executor.slots: must be an integer (got a list)"},
    {"slots = {}", "t.toml:2:1: executor.slots: must be an integer (got a table)"},
    {"slots = 0", "t.toml:2:1: executor.slots: must be at least 1 (got 0)"},
    {"slots = -1", "t.toml:2:1: executor.slots: must be at least 1 (got -1)"},
    {"slots = 65", "t.toml:2:1: executor.slots: must be at most 64 (got 65)"},
    {"slots = 2026-01-01", "t.toml:2:1: executor.slots: must be an integer (got \"2026-01-01\")"},
    {"rate = \"fast\"", "t.toml:2:1: executor.rate: must be a number (got \"fast\")"},
    {"verbose = 1", "t.toml:2:1: executor.verbose: must be true or false (got 1)"},
    {"verbose = \"yes\"", "t.toml:2:1: executor.verbose: must be true or false (got \"yes\")"},
    {"timeout = 20", "t.toml:2:1: executor.timeout: must be a duration such as \"250ms\", \"20s\" or \"1h\" (got 20)"},
    {"timeout = \"20\"",
     "t.toml:2:1: executor.timeout: must be a duration such as \"250ms\", \"20s\" or \"1h\" (got \"20\")"},
    {"timeout = \"-1s\"",
     "t.toml:2:1: executor.timeout: must be a duration such as \"250ms\", \"20s\" or \"1h\" (got \"-1s\")"},
    {"timeout = \"20 sec\"",
     "t.toml:2:1: executor.timeout: must be a duration such as \"250ms\", \"20s\" or \"1h\" (got \"20 sec\")"},
    {"timeout = \"\"",
     "t.toml:2:1: executor.timeout: must be a duration such as \"250ms\", \"20s\" or \"1h\" (got \"\")"},
    {"timeout = \"99ms\"", "t.toml:2:1: executor.timeout: must be at least \"100ms\" (got 99)"},
    {"timeout = \"2h\"", "t.toml:2:1: executor.timeout: must be at most \"1h\" (got 7200000)"},
    {"cache = \"64MB\"",
     "t.toml:2:1: executor.cache: must be a size such as \"512KiB\", \"64MiB\" or \"1GiB\" (got \"64MB\")"},
    {"cache = 1024", "t.toml:2:1: executor.cache: must be a size such as \"512KiB\", \"64MiB\" or \"1GiB\" (got 1024)"},
    {"level = \"hihg\"", "t.toml:2:1: executor.level: must be one of low, high (got \"hihg\") — did you mean 'high'?"},
    {"level = \"\"", "t.toml:2:1: executor.level: must be one of low, high (got \"\")"},
    {"level = 1", "t.toml:2:1: executor.level: must be a text in quotes (got 1)"},
    {"account = \"Root\"", "t.toml:2:1: executor.account: must match [a-z]+ (got \"Root\")"},
    {"account = \"a b\"", "t.toml:2:1: executor.account: must match [a-z]+ (got \"a b\")"},
    {"account = \"a\\nb\"", "t.toml:2:1: executor.account: must match [a-z]+ (got \"a\\nb\")"},
    {"account = \"\\u0000\"", "t.toml:2:1: executor.account: must be UTF-8 without U+0000"},
    {"hosts = []", "t.toml:2:1: executor.hosts: needs at least 1 entries"},
    {"hosts = [\"a\", \"b\", \"c\", \"d\"]", "t.toml:2:1: executor.hosts: may have at most 3 entries"},
    {"hosts = [\"a\", 2]", "t.toml:2:15: executor.hosts[1]: must be a text in quotes (got 2)"},
    {"hosts = \"a\"", "t.toml:2:1: executor.hosts: must be a list (got \"a\")"},
    {"token = \"abc\"", "t.toml:2:1: executor.token: must have at least 4 bytes"},
    {"token = 12345", "t.toml:2:1: executor.token: must be a text in quotes (got ***)"},
    {"token_file = 3", "t.toml:2:1: executor.token_file: must be a path (got 3)"},
    {"token_file = \"/missing/token\"", "t.toml:2:1: executor.token_file: /missing/token: there is no such file"},
    {"token = \"abcd\"\ntoken_file = \"/missing\"",
     "t.toml:3:1: executor.token_file: is set beside 'token': keep one of them\n"
     "t.toml:3:1: executor.token_file: /missing: there is no such file"},
    {"slots_file = \"/x\"", "t.toml:2:1: executor.slots_file: unknown key  KNOWN"},
    {"roles = { ops = \"root\" }", "t.toml:2:11: executor.roles.ops: must be one of viewer, user (got \"root\")"},
    {"roles = { ops = 1 }", "t.toml:2:11: executor.roles.ops: must be a text in quotes (got 1)"},
    {"roles = 1", "t.toml:2:1: executor.roles: must be a table (got 1)"},
    {"tls = { verfiy = true }",
     "t.toml:2:9: executor.tls.verfiy: unknown key — did you mean 'verify'?  known keys: ca_file, key, key_file, "
     "verify"},
    {"[tls]\nverify = 0", "t.toml:3:1: executor.tls.verify: must be true or false (got 0)"},
    {"tls = true", "t.toml:2:1: executor.tls: must be a table (got true)"},
    {"nested = [{}]", "t.toml:2:11: executor.nested[0]: the key 'name' is missing: it must be a text in quotes"},
    {"nested = [{name = \"\"}]", "t.toml:2:12: executor.nested[0].name: must not be empty"},
    {"nested = [{name = \"ninechars\"}]", "t.toml:2:12: executor.nested[0].name: may have at most 8 bytes"},
    {"[[nested]]\nname = \"a\"\n[[nested]]\nnmae = \"b\"",
     "t.toml:5:1: executor.nested[1].nmae: unknown key — did you mean 'name'?  known keys: name, weight\n"
     "t.toml:4:1: executor.nested[1]: the key 'name' is missing: it must be a text in quotes"},
    {"nested = {}", "t.toml:2:1: executor.nested: must be a list (got a table)"},
};

TEST(Schema, eachMistakeIsToldByPlaceKeyAndCure) {
  static_assert(std::size(kMistakes) >= 50);
  for (const Mistake& mistake : kMistakes) {
    std::string expected = mistake.line;
    if (const std::size_t at = expected.find("KNOWN"); at != std::string::npos) expected.replace(at, 5, kKnown);
    EXPECT_EQ(check("url = \"http://farm\"\n" + std::string(mistake.toml) + "\n").problems.errorText(), expected)
        << mistake.toml;
  }
}

TEST(Schema, aMissingKeyIsToldAtItsTable) {
  EXPECT_EQ(check("slots = 3\n").problems.errorText(),
            "t.toml:1:1: executor: the key 'url' is missing: it must be a URI such as \"http://host:8080/path\" — "
            "where the farm listens");
}

TEST(Schema, refusesWhatIsNoUri) {
  for (const char* bad : {"farm12", "", "http:/x", "://x", "http://", "http://a b", "http://a\\nb", "1http://x"}) {
    EXPECT_TRUE(check("url = \"" + std::string(bad) + "\"\n").problems.hasErrors()) << bad;
  }
  for (const char* good : {"http://farm", "postgresql://u@h:5432/db", "ldap://x", "file:///x"}) {
    EXPECT_FALSE(check("url = \"" + std::string(good) + "\"\n").problems.hasErrors()) << good;
  }
}

TEST(Schema, allMistakesAreToldAtOnceAndInTheirOrder) {
  const std::string text = check("slots = 0\ncache = 1\nurl = \"x\"\nfoo = 1\n").problems.errorText();
  std::size_t at = 0;
  for (const char* part : {"executor.url: ", "executor.slots: ", "executor.cache: ", "executor.foo: "}) {
    const std::size_t next = text.find(part, at);
    ASSERT_NE(next, std::string::npos) << text;
    at = next;
  }
}

TEST(Schema, aDeprecatedKeyIsAWarning) {
  const Checked checked = check("url = \"http://farm\"\ncolour = \"red\"\n");
  EXPECT_FALSE(checked.problems.hasErrors());
  ASSERT_EQ(checked.problems.all().size(), 1U);
  EXPECT_EQ(checked.problems.all()[0].line(), "t.toml:2:1: warning: executor.colour: is deprecated: use 'level'");
}

TEST(Schema, textOfTheEnvironmentBecomesWhatIsWanted) {
  const auto value = [](const std::string& key, const std::string& text) {
    Value root = parseToml("url = \"http://farm\"\n", "t.toml");
    root.member(key) = Value(text, {Origin::Kind::environment, std::make_shared<const std::string>("V"), 0, 0});
    Problems problems;
    const Value checked = schema().check(root, problems);
    return problems.hasErrors() ? problems.errorText() : checked.find(key)->show();
  };
  EXPECT_EQ(value("slots", "8"), "8");
  EXPECT_EQ(value("verbose", "true"), "true");
  EXPECT_EQ(value("rate", "1.5"), "1.5");
  EXPECT_EQ(value("timeout", "1s"), "1000");
  EXPECT_EQ(value("hosts", "[\"a\", \"b\"]"), "a list");
  EXPECT_EQ(value("account", "true"), "\"true\"");
  EXPECT_EQ(value("slots", "eight"), "environment variable V: slots: must be an integer (got \"eight\")");
  EXPECT_EQ(value("slots", "8\nurl = 3"), "environment variable V: slots: must be an integer (got \"8\\nurl = 3\")");
}

class Secrets : public testing::Test {
 protected:
  std::string errors(const std::string& toml, mode_t mode = 0600) {
    const auto file = folder_.write("testarena.toml", "url = \"http://farm\"\n" + toml, mode);
    Problems problems;
    checked_ = schema().check(loadSettings({file, {}, {}}), problems, "executor");
    return problems.errorText();
  }

  test::TemporaryFolder folder_;
  Value checked_;
};

TEST_F(Secrets, areReadFromTheirOwnFileWithoutTheLastNewline) {
  folder_.write("token", "s3cret\n");
  EXPECT_EQ(errors("token_file = \"" + (folder_.path() / "token").string() + "\"\n"), "");
  EXPECT_EQ(checked_.find("token")->text(), "s3cret");
  EXPECT_EQ(checked_.find("token_file"), nullptr);
  EXPECT_EQ(errors("token_file = \"token\"\n", 0644), "") << "a relative name is meant beside the configuration";
  EXPECT_EQ(checked_.find("token")->text(), "s3cret");
}

TEST_F(Secrets, othersMustNotBeAbleToReadThem) {
  folder_.write("token", "s3cret", 0644);
  const std::string own = errors("token_file = \"token\"\n");
  EXPECT_NE(own.find("testarena.toml:2:1: executor.token_file: "), std::string::npos) << own;
  EXPECT_NE(own.find("0644"), std::string::npos) << own;
  const std::string main = errors("token = \"s3cret\"\n", 0644);
  EXPECT_NE(main.find("testarena.toml:2:1: executor.token: is a secret and "), std::string::npos) << main;
  EXPECT_NE(main.find("or use the key 'token_file'"), std::string::npos) << main;
  EXPECT_EQ(errors("token = \"s3cret\"\n", 0640), "");
}

TEST_F(Secrets, areNeverShown) {
  const std::string canary = "canary-7f3a";
  const std::string text = errors("token = \"" + canary + "\"\ntls = { key = \"" + canary + "\" }\n");
  EXPECT_EQ(text, "");
  EXPECT_EQ(schema().secrets(checked_), (std::vector<std::string>{canary, canary}));
  const Value masked = schema().masked(checked_);
  EXPECT_EQ(masked.find("token")->text(), "***");
  EXPECT_EQ(masked.find("tls")->find("key")->text(), "***");
  EXPECT_EQ(masked.find("url")->text(), "http://farm");
  // Nor in a refusal that is about them.
  EXPECT_EQ(errors("token = [\"" + canary + "\"]\n").find(canary), std::string::npos);
}

TEST(SchemaItself, isCheckedToo) {
  for (const char* bad : {"[]",
                          "{}",
                          R"({"type": "strng"})",
                          R"({"type": "string"})",
                          R"({"type": "object", "properties": []})",
                          R"({"type": "object", "propertis": {}})",
                          R"({"type": "object", "properties": {"a": 1}})",
                          R"({"type": "object", "properties": {"a": {"type": "text"}}})",
                          R"({"type": "object", "properties": {"a": {"type": ["string"]}}})",
                          R"({"type": "object", "required": ["a"], "properties": {"b": {}}})",
                          R"({"type": "object", "required": ["a"]})",
                          R"({"type": "object", "required": [1], "properties": {}})",
                          R"({"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}})",
                          R"({"type": "object", "properties": {"a": {"type": "integer", "minimum": "x"}}})",
                          R"({"type": "object", "properties": {"a": {"type": "integer", "default": "x"}}})",
                          R"({"type": "object", "properties": {"a": {"type": "integer", "x-secret": true}}})",
                          R"({"type": "object", "properties": {"a": {"type": "string", "format": "date"}}})",
                          R"({"type": "object", "properties": {"a": {"type": "string", "enum": "x"}}})",
                          R"({"type": "object", "properties": {"a": {"type": "string", "x-inherit": 1}}})",
                          R"({"type": "object", "additionalProperties": 1})",
                          R"({"type": "object", "oneOf": []})",
                          "not JSON"}) {
    EXPECT_THROW(Schema(bad, "schema"), Invalid) << bad;
  }
}

TEST(SchemaItself, namesTheMistakeAndTheNearestKeyword) {
  try {
    Schema(R"({"type": "object", "properties": {"slots": {"type": "integer", "minimun": 1}}})", "farm");
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(),
                 "farm:1:75: schema.slots: 'minimun' is no keyword of a schema — did you mean 'minimum'?");
  }
}

struct Farm {
  std::string url;
  int64_t slots = 0;
  double rate = 0;
  std::chrono::milliseconds timeout{0};
  std::vector<std::string> hosts = {"default"};
  TA_FIELDS(url, slots, rate, timeout, hosts)
};

TEST(Schema, aCheckedConfigurationBecomesARecord) {
  const Farm farm = read<Farm>(check("url = \"http://farm\"\n").value);
  EXPECT_EQ(farm.url, "http://farm");
  EXPECT_EQ(farm.slots, 4);
  EXPECT_EQ(farm.rate, 2.0);
  EXPECT_EQ(farm.timeout, std::chrono::seconds(20));
  EXPECT_EQ(farm.hosts, std::vector<std::string>{"default"});
}

TEST(Schema, aRecordThatDoesNotFitItsSchemaSaysWhere) {
  EXPECT_THROW(read<Farm>(parseToml("url = 3\n", "t.toml")), ConfigurationError);
}

}  // namespace
}  // namespace testarena
