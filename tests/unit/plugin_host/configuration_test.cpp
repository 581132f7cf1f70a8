// SPDX-License-Identifier: Apache-2.0
#include "configuration.h"

#include <gtest/gtest.h>

#include <testarena/message.h>

#include "fixtures.h"
#include "settings.h"
#include "temporary_folder.h"

namespace testarena::plugin_host {
namespace {

constexpr std::string_view kManifest =
    R"({"name": "farm", "version": "1", "interfaces": [{"id": "executor/1", "config": {
  "type": "object", "required": ["url"], "properties": {
    "url": {"type": "string", "format": "uri"},
    "token": {"type": "string", "x-secret": true, "x-inherit": true},
    "tls": {"type": "object", "properties": {"key": {"type": "string", "x-secret": true}}},
    "timeout": {"type": "string", "format": "duration", "default": "20s"},
    "rate": {"type": "number", "default": 1},
    "tags": {"type": "object", "additionalProperties": {"type": "string"}},
    "hosts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
    "environment": {"type": "string", "x-inherit": true},
    "source": {"type": "string", "x-inherit": "repository"},
    "scenarios": {"type": "object", "x-inherit": true, "additionalProperties": true},
    "data": {"type": "string", "x-inherit": true}}}}]})";

struct Host {
  std::string name;
  TA_FIELDS(name)
};
struct Settings {
  std::string url;
  std::string token;
  std::chrono::milliseconds timeout{0};
  double rate = 0;
  std::map<std::string, std::string> tags;
  std::vector<Host> hosts;
  std::string environment;
  std::string source;
  std::string data;
  TA_FIELDS(url, token, timeout, rate, tags, hosts, environment, source, data)
};

/// Everything that parses a configuration in these tests, from one TOML text with one environment.
class ConfigurationTest : public testing::Test {
 protected:
  std::shared_ptr<Configuration> make(const std::string& toml, mode_t mode = 0600) {
    const auto file = folder_.write("t.toml", "[[environment]]\nname = \"lab-1\"\n" + toml, mode);
    const Value root = parseToml(test::contentOf(file), file.string());
    const Value& environment = root.find("environment")->list()[0];
    problems_ = Problems();
    return std::make_shared<Configuration>(*environment.find("executor"), "environment[0].executor",
                                           parseManifest(kManifest).interfaces[0].config,
                                           environmentInheritance(environment, "executor", "/data"), problems_);
  }

  Settings settings(const std::string& toml) {
    const std::string message = make(toml)->message();
    EXPECT_FALSE(problems_.hasErrors()) << problems_.errorText();
    return decode<Settings>(toBytes(message));
  }

  /// The errors without the folder's name.
  std::string errors(const std::string& toml) {
    make(toml);
    std::string text = problems_.errorText();
    const std::string name = folder_.path().string() + "/";
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
    return text;
  }

  test::TemporaryFolder folder_;
  Problems problems_;
};

constexpr const char* kPlain = "executor = { plugin = \"farm\", url = \"http://farm\" }\n";

TEST_F(ConfigurationTest, reachesThePluginAsARecord) {
  const Settings got = settings(
      "executor = { plugin = \"farm\", isolation = \"in-process\", url = \"http://farm\", token = \"t0ken\", rate = 3, "
      "timeout = \"2s\", tags = { os = \"debian\" }, hosts = [{ name = \"a\" }, { name = \"b\" }] }\n");
  EXPECT_EQ(got.url, "http://farm");
  EXPECT_EQ(got.token, "t0ken");
  EXPECT_EQ(got.timeout, std::chrono::seconds(2));
  EXPECT_EQ(got.rate, 3.0);
  EXPECT_EQ(got.tags.at("os"), "debian");
  EXPECT_EQ(got.hosts.at(1).name, "b");
}

TEST_F(ConfigurationTest, takesMissingKeysFromWhatStandsAround) {
  const Settings got = settings(std::string(kPlain) +
                                "token = \"around\"\ndiscoverer = { plugin = \"git\", repository = \"/srv/r.git\" }\n");
  EXPECT_EQ(got.environment, "lab-1");
  EXPECT_EQ(got.source, "/srv/r.git");
  EXPECT_EQ(got.data, "/data");
  EXPECT_EQ(got.token, "around");
}

TEST_F(ConfigurationTest, theNearestWins) {
  EXPECT_EQ(
      settings("executor = { plugin = \"farm\", url = \"http://farm\", source = \"own\" }\nrepository = \"around\"\n")
          .source,
      "own");
  EXPECT_EQ(
      settings(std::string(kPlain) + "repository = \"around\"\ndiscoverer = { repository = \"sibling\" }\n").source,
      "around");
}

TEST_F(ConfigurationTest, onlyMarkedKeysAreInherited) {
  EXPECT_NE(errors("url = \"http://around\"\nexecutor = { plugin = \"farm\" }\n").find("the key 'url' is missing"),
            std::string::npos);
}

TEST_F(ConfigurationTest, aMistakeInWhatIsInheritedIsShownWhereItWasWritten) {
  EXPECT_EQ(errors(std::string(kPlain) + "discoverer = { plugin = \"git\", repository = 3 }\n"),
            "t.toml:4:32: environment[0].executor.source: must be a text in quotes (got 3)");
}

TEST_F(ConfigurationTest, unknownKeysAreToldWithAllThatAreKnownTheHostsOwnIncluded) {
  EXPECT_EQ(errors("executor = { plugin = \"farm\", url = \"http://farm\", isolatoin = \"process\" }\n"),
            "t.toml:3:52: environment[0].executor.isolatoin: unknown key — did you mean 'isolation'?  known keys: url, "
            "token, token_file, "
            "tls, timeout, rate, tags, hosts, environment, source, scenarios, data, plugin, isolation");
}

TEST_F(ConfigurationTest, aProcessOfItsOwnIsNotAvailableYet) {
  EXPECT_EQ(errors("executor = { plugin = \"farm\", url = \"http://farm\", isolation = \"process\" }\n"),
            "t.toml:3:52: environment[0].executor.isolation: \"process\" is not available yet: use \"in-process\", or "
            "leave the key out");
  EXPECT_NE(errors("executor = { plugin = \"farm\", url = \"http://farm\", isolation = \"proces\" }\n")
                .find("did you mean 'process'?"),
            std::string::npos);
}

TEST_F(ConfigurationTest, secretsAreReadAgainWhenAskedFor) {
  folder_.write("token", "one\n");
  const auto configuration =
      make("executor = { plugin = \"farm\", url = \"http://farm\", token_file = \"token\", tls = { key = \"k\" } }\n");
  EXPECT_EQ(configuration->secret("token"), "one");
  folder_.write("token", "two\n");
  EXPECT_EQ(configuration->secret("token"), "two");
  EXPECT_EQ(configuration->secret("tls.key"), "k");
  EXPECT_THROW(configuration->secret("url"), NotFound) << "it is no secret";
  EXPECT_THROW(configuration->secret("tls"), NotFound);
  EXPECT_THROW(configuration->secret("nothing"), NotFound);
  EXPECT_THROW(configuration->secret(""), NotFound);
  std::filesystem::remove(folder_.path() / "token");
  EXPECT_THROW(configuration->secret("token"), Unavailable);
}

TEST_F(ConfigurationTest, secretsAreNotShown) {
  const auto configuration =
      make("executor = { plugin = \"farm\", url = \"http://farm\", token = \"canary\", tls = { key = \"canary\" } }\n");
  EXPECT_EQ(configuration->masked().find("token")->text(), "***");
  EXPECT_EQ(configuration->masked().find("tls")->find("key")->text(), "***");
}

TEST_F(ConfigurationTest, aPluginsOwnVerdictGetsItsPlace) {
  const auto configuration = make(
      "executor = { plugin = \"farm\", url = \"ftp://farm\", hosts = [{ name = \"a\" }, { name = \"b\" }], token_file "
      "= \"t\" }\n");
  const auto line = [&](const char* pointer) {
    const std::string text = configuration->blame(Invalid("no", pointer)).what();
    return text.substr(folder_.path().string().size() + 1);
  };
  EXPECT_EQ(line("/url"), "t.toml:3:31: environment[0].executor.url: no");
  EXPECT_EQ(line("/hosts/1/name"), "t.toml:3:78: environment[0].executor.hosts.1.name: no");
  EXPECT_EQ(line("/timeout"), "t.toml:3:1: environment[0].executor.timeout: no");
  EXPECT_EQ(line("/hosts/99/x"), "t.toml:3:51: environment[0].executor.hosts.99: no");
  EXPECT_EQ(line(""), "t.toml:3:1: environment[0].executor: no");
  EXPECT_NE(line("/token").find("environment[0].executor.token: no"), std::string::npos);
}

TEST(ManifestTest, saysWhatIsWrong) {
  const auto refusal = [](std::string_view json) -> std::string {
    try {
      parseManifest(json);
      return {};
    } catch (const Invalid& error) {
      return error.what();
    }
  };
  EXPECT_NE(refusal("").find("a value is missing"), std::string::npos);
  EXPECT_NE(
      refusal(R"({"name": "Farm", "version": "1", "interfaces": [{"id": "executor/1"}]})").find("name: must match"),
      std::string::npos);
  EXPECT_NE(refusal(R"({"name": "farm", "versoin": "1", "interfaces": [{"id": "executor/1"}]})")
                .find("did you mean 'version'?"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"name": "farm", "version": "1", "interfaces": [{"id": "executor"}]})")
                .find("interfaces[0].id: must match"),
            std::string::npos);
  EXPECT_NE(
      refusal(R"({"name": "farm", "version": "1", "interfaces": [{"id": "a/1"}, {"id": "a/1"}]})").find("listed twice"),
      std::string::npos);
  EXPECT_NE(
      refusal(
          R"({"name": "farm", "version": "1", "interfaces": [{"id": "a/1", "config": {"type": "object", "propertis": {}}}]})")
          .find("did you mean 'properties'?"),
      std::string::npos);
  EXPECT_NE(refusal(R"({"name": "farm", "version": "1", "interfaces": [{"id": "a/1", "max_concurrency": -1}]})")
                .find("at least 0"),
            std::string::npos);
}

}  // namespace
}  // namespace testarena::plugin_host
