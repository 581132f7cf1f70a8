// SPDX-License-Identifier: Apache-2.0
#include "url_template.h"

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::http_executor {
namespace {

const UrlValues kValues{"a:7", "a:7-1", "boot & go", "checks/boot #1.xml", 2};

TEST(UrlTemplate, placesAreFilledPercentEncoded) {
  EXPECT_EQ(UrlTemplate("http://lab/{job}/{task}?s={scenario}&n={attempt}").fill(kValues),
            "http://lab/a%3A7/a%3A7-1?s=boot%20%26%20go&n=2");
  EXPECT_EQ(UrlTemplate("https://lab/{path}/log").fill(kValues), "https://lab/checks/boot%20%231.xml/log");
  EXPECT_EQ(UrlTemplate("http://lab/log").fill(kValues), "http://lab/log");
}

TEST(UrlTemplate, knowsWhetherThereIsOneForEachRun) {
  EXPECT_FALSE(UrlTemplate("http://lab/{job}").isPerRun());
  for (const char* text : {"{task}", "{scenario}", "{path}", "{attempt}"}) {
    EXPECT_TRUE(UrlTemplate("http://lab/{job}/" + std::string(text)).isPerRun());
  }
  EXPECT_FALSE(UrlTemplate("").isSet());
  EXPECT_TRUE(UrlTemplate("http://lab/{job}").isSet());
}

TEST(UrlTemplate, thatIsNoneIsRefused) {
  for (const char* text : {"http://lab/{id}", "http://lab/{job", "http://lab/job}", "http://lab/{}", "lab/{job}",
                           "http://{job}:x/", "http://lab/ {job}", "http://lab/{ job }", "file:///{path}"}) {
    EXPECT_THROW(UrlTemplate{text}, Invalid) << text;
  }
}

}  // namespace
}  // namespace testarena::http_executor
