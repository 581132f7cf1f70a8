// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <stdlib.h>

#include <gtest/gtest.h>

#include <testarena/error.h>

#include "problems.h"
#include "temporary_folder.h"

namespace testarena {
namespace {

class Settings : public testing::Test {
 protected:
  Value load(std::map<std::string, std::string> environment = {}, std::vector<std::string> overrides = {}) {
    return loadSettings({folder_.path() / "testarena.toml", std::move(environment), std::move(overrides)});
  }
  void write(const std::string& name, std::string_view text) { folder_.write(name, text); }

  /// The lines of the refusal, without the folder.
  std::string refusal(std::map<std::string, std::string> environment = {}, std::vector<std::string> overrides = {}) {
    try {
      load(std::move(environment), std::move(overrides));
      return {};
    } catch (const ConfigurationError& error) {
      std::string text = error.what();
      const std::string name = folder_.path().string() + "/";
      for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
      return text;
    }
  }

  std::string originOf(const Value& value) {
    const std::string text = value.origin().describe();
    const std::string name = folder_.path().string() + "/";
    return text.compare(0, name.size(), name) == 0 ? text.substr(name.size()) : text;
  }

  test::TemporaryFolder folder_;
};

TEST_F(Settings, everyValueKnowsWhereItWasWritten) {
  write("testarena.toml",
        "[server]\nlisten = \"a\"\n\n[[environment]]\nname = \"lab\"\nexecutor = { plugin = \"x\",  slots = 4 }\n");
  const Value root = load();
  EXPECT_EQ(originOf(*root.find("server")->find("listen")), "testarena.toml:2:1");
  const Value& environment = root.find("environment")->list()[0];
  EXPECT_EQ(originOf(environment), "testarena.toml:4:1");
  EXPECT_EQ(originOf(*environment.find("executor")->find("slots")), "testarena.toml:6:29");
}

TEST_F(Settings, laterFilesWinKeyByKeyAndReplaceLists) {
  write("testarena.toml", "[server]\nlisten = \"a\"\nhosts = [\"x\", \"y\"]\ndata = \"d\"\n");
  write("conf.d/20.toml", "[server]\nlisten = \"c\"\n");
  write("conf.d/10.toml", "[server]\nlisten = \"b\"\nhosts = [\"z\"]\n");
  write("conf.d/30.toml.off", "[server]\nlisten = \"never\"\n");
  const Value server = *load().find("server");
  EXPECT_EQ(server.find("listen")->text(), "c");
  EXPECT_EQ(originOf(*server.find("listen")), "conf.d/20.toml:2:1");
  EXPECT_EQ(server.find("hosts")->list().size(), 1U);
  EXPECT_EQ(server.find("data")->text(), "d");
}

TEST_F(Settings, theEnvironmentWinsOverFilesAndTheCommandLineOverBoth) {
  write("testarena.toml", "[server]\nlisten = \"file\"\ndata = \"file\"\n");
  const Value server = *load({{"TESTARENA__SERVER__LISTEN", "environment"},
                              {"TESTARENA__SERVER__DATA", "environment"},
                              {"OTHER__SERVER", "x"}},
                             {"server.listen=command=line"})
                            .find("server");
  EXPECT_EQ(server.find("listen")->text(), "command=line");
  EXPECT_EQ(server.find("listen")->origin().describe(), "command line, server.listen");
  EXPECT_EQ(server.find("data")->text(), "environment");
  EXPECT_EQ(server.find("data")->origin().describe(), "environment variable TESTARENA__SERVER__DATA");
}

TEST_F(Settings, singleUnderscoresBelongToTheKey) {
  write("testarena.toml", "");
  EXPECT_EQ(load({{"TESTARENA__AUTH__ADMIN_PASSWORD", "x"}}).find("auth")->find("admin_password")->text(), "x");
}

TEST_F(Settings, aFileSuffixIsTheKeyForASecretsFile) {
  write("testarena.toml", "");
  EXPECT_EQ(
      load({{"TESTARENA__AUTH__ADMIN_PASSWORD__FILE", "/run/p"}}).find("auth")->find("admin_password_file")->text(),
      "/run/p");
}

TEST_F(Settings, numbersAreIndicesIntoListsOfAFile) {
  write("testarena.toml",
        "[[environment]]\nname = \"a\"\nexecutor = { slots = 1 }\n[[environment]]\nname = \"b\"\nexecutor = {}\n");
  const Value root = load({{"TESTARENA__ENVIRONMENT__1__EXECUTOR__SLOTS", "8"}}, {"environment.0.name=c"});
  EXPECT_EQ(root.find("environment")->list()[1].find("executor")->find("slots")->text(), "8");
  EXPECT_EQ(root.find("environment")->list()[0].find("name")->text(), "c");
}

TEST_F(Settings, withoutAFileThereAreStillTheOtherLayers) {
  const Value root = loadSettings({{}, {{"TESTARENA__SERVER__LISTEN", "x"}}, {}});
  EXPECT_EQ(root.find("server")->find("listen")->text(), "x");
}

TEST_F(Settings, mistakesOfAllFilesAreToldAtOnce) {
  write("testarena.toml", "[server]\nlisten = \n");
  write("conf.d/a.toml", "x = 1\nx = 2\n");
  const std::string text = refusal();
  EXPECT_NE(text.find("testarena.toml:2:10: "), std::string::npos) << text;
  EXPECT_NE(text.find("conf.d/a.toml:2:"), std::string::npos) << text;
}

TEST_F(Settings, aMissingFileIsNamed) {
  EXPECT_EQ(refusal(), "testarena.toml: testarena.toml: there is no such file");
}

TEST_F(Settings, pathsThatLeadNowhereAreToldWithTheirVariable) {
  write("testarena.toml", "[server]\nlisten = \"a\"\n[[environment]]\nname = \"x\"\n");
  EXPECT_EQ(refusal({{"TESTARENA__ENVIRONMENT__1__NAME", "y"}}),
            "environment variable TESTARENA__ENVIRONMENT__1__NAME: environment: '1' is no index into this list of 1; "
            "lists are made in a "
            "file, counted from 0");
  EXPECT_EQ(refusal({{"TESTARENA__SERVER__LISTEN__PORT", "y"}}),
            "environment variable TESTARENA__SERVER__LISTEN__PORT: server.listen: is a text and has no key 'port'");
  EXPECT_EQ(refusal({{"TESTARENA__SERVER", "y"}}),
            "environment variable TESTARENA__SERVER: server: is a table: name one of its keys");
  EXPECT_EQ(refusal({{"TESTARENA____X", "y"}}),
            "environment variable TESTARENA____X: is no name of a setting: write TESTARENA__SECTION__KEY");
  EXPECT_EQ(refusal({}, {"server.listen"}),
            "command line, server.listen: 'server.listen' is no setting: write section.key=value");
  EXPECT_EQ(refusal({}, {"=x"}), "command line, : '=x' is no setting: write section.key=value");
}

TEST_F(Settings, theProcessEnvironmentIsReadByItsPrefix) {
  ::setenv("TESTARENA__X__Y", "1=2", 1);
  ::setenv("TESTARENA_X", "no", 1);
  const auto environment = processEnvironment();
  EXPECT_EQ(environment.at("TESTARENA__X__Y"), "1=2");
  EXPECT_EQ(environment.count("TESTARENA_X"), 0U);
  ::unsetenv("TESTARENA__X__Y");
  ::unsetenv("TESTARENA_X");
}

TEST_F(Settings, valuesOfAllKindsComeThrough) {
  const Value root =
      parseToml("i = -3\nr = 1.5\nb = true\nt = \"x\"\nl = [1, [2]]\nd = 2026-03-01\n[s.t]\nx = 1\n", "x.toml");
  EXPECT_EQ(root.find("i")->integer(), -3);
  EXPECT_EQ(root.find("r")->real(), 1.5);
  EXPECT_TRUE(root.find("b")->boolean());
  EXPECT_EQ(root.find("l")->list()[1].list()[0].integer(), 2);
  EXPECT_EQ(root.find("d")->text(), "2026-03-01");
  EXPECT_EQ(root.find("s")->find("t")->find("x")->integer(), 1);
  EXPECT_THROW(root.find("i")->text(), Invalid);
}

}  // namespace
}  // namespace testarena
