// SPDX-License-Identifier: Apache-2.0
// Texts: everything that is UTF-8 comes back as it was, NUL and what is not UTF-8 is refused, nothing is ever code.
#include "storage_contract.h"

namespace testarena::contract {
namespace {

const std::vector<std::string>& hostileTexts() {
  static const std::vector<std::string> texts{
      "' OR 1=1--",
      "\"; DROP TABLE jobs; --",
      "%",
      "_",
      "\\",
      "a\\'b",
      "?1",
      "$1",
      ":name",
      "line\nbreak\r\n\ttab\x01\x1f\x7f",
      "NULL",
      " leading and trailing ",
      "\xF4\x8F\xBF\xBF",          // U+10FFFF
      "\xEF\xBF\xBD\xEF\xBB\xBF",  // U+FFFD and U+FEFF
      "e\xCC\x81",                 // decomposed: must not be composed
      "\xC3\xA9",                  // composed: must not be decomposed
      "\xE2\x80\xAE"
      "drowssap",  // right-to-left override
      "-0",
      "9223372036854775808",
      std::string(2'000'000, 'x'),
  };
  return texts;
}

const std::vector<std::string>& refusedTexts() {
  static const std::vector<std::string> texts{
      std::string("a\0b", 3),
      std::string("\0", 1),
      "\xFF\xFE",
      "\xC0\x80",          // overlong NUL
      "\xED\xA0\x80",      // surrogate
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "cut \xE2\x82",
  };
  return texts;
}

}  // namespace

TEST_P(StorageContract, textsOfJobsComeBackAsTheyWere) {
  for (const std::string& text : hostileTexts()) {
    NewJob wished = wish(text.size() > 1000 ? "long" : text, {text, text + "2"});
    wished.environment = text;
    wished.branch = text;
    wished.commit = text;
    wished.audit.detail = text;
    const Job created = submit(wished);
    JobUpdate update = changeOf(created);
    update.reason = text;
    update.progress.handle = text;
    testarena::Run run = created.runs[0];
    run.reason = text;
    run.report_url = text;
    update.runs = {run};
    storage().update_job(update, call());

    const Job kept = job(created.row.id);
    EXPECT_TRUE(kept.row.environment == text && kept.row.branch == text && kept.row.commit == text &&
                kept.row.reason == text && kept.progress.handle == text && kept.runs[0].scenario == text &&
                kept.runs[0].reason == text && kept.runs[0].report_url == text)
        << text.substr(0, 100);
    EXPECT_TRUE(audits().back().detail == text);

    JobQuery query;
    query.environment = text;
    query.branch = text;
    EXPECT_EQ(listed(query), (std::vector<std::int64_t>{created.row.id})) << text.substr(0, 100);
  }
}

TEST_P(StorageContract, userNamesAreFoundByThemselves) {
  for (const std::string& text : hostileTexts()) {
    if (text.size() > 1000) continue;
    const std::int64_t id = submitFor(text);
    JobQuery query;
    query.user = text;
    EXPECT_EQ(listed(query), (std::vector<std::int64_t>{id})) << text;
    JobQuery search;
    search.q = text;
    EXPECT_THAT(listed(search), testing::Contains(id)) << text;
    createUser(text);
    EXPECT_EQ(storage().get_user({text}, call()).username, text);
  }
}

TEST_P(StorageContract, whatIsNoTextIsInvalidEverywhere) {
  const Job was = submit(wish());
  createUser("anna");
  const std::size_t lines = auditCount();
  for (const std::string& text : refusedTexts()) {
    for (std::string NewJob::*field : {&NewJob::user, &NewJob::environment, &NewJob::branch, &NewJob::commit,
                                       &NewJob::idempotency_key, &NewJob::request_digest}) {
      NewJob wished = wish();
      wished.*field = text;
      EXPECT_THROW(storage().create_job(wished, call()), Invalid);
    }
    EXPECT_THROW(submit(wish("anna", {"fine", text})), Invalid);
    for (std::string JobQuery::*field : {&JobQuery::q, &JobQuery::user, &JobQuery::environment, &JobQuery::branch}) {
      JobQuery query;
      query.*field = text;
      EXPECT_THROW(storage().list_jobs(query, call()), Invalid);
    }
    JobUpdate update = changeOf(was);
    update.runs = was.runs;
    update.runs[1].reason = text;
    EXPECT_THROW(storage().update_job(update, call()), Invalid);
    EXPECT_THROW(ask(was.row.id, Intent::abort, text), Invalid);
    EXPECT_THROW(storage().put_expansion({"lab-1", "c0ffee", text, {}}, call()), Invalid);
    EXPECT_THROW(createUser(text), Invalid);
    EXPECT_THROW(storage().get_user({text}, call()), Invalid);
    EXPECT_THROW(storage().put_credential({"anna", text, at(1)}, call()), Invalid);
    EXPECT_THROW(logIn(text, "anna"), Invalid);
    EXPECT_THROW(storage().get_session({text}, call()), Invalid);
    EXPECT_THROW(storage().get_token({text}, call()), Invalid);
    EXPECT_THROW(storage().append_audit(audit(text), call()), Invalid);
  }
  EXPECT_EQ(shown(job(was.row.id)), shown(was));
  EXPECT_EQ(auditCount(), lines);
}

TEST_P(StorageContract, aRefusedTextIsPointedAt) {
  NewJob wished = wish();
  wished.runs[1].path = std::string("a\0b", 3);
  try {
    submit(wished);
    ADD_FAILURE() << "NUL was taken";
  } catch (const Invalid& error) {
    EXPECT_THAT(error.pointer(), testing::AnyOf("/runs/1/path", "")) << "a codec may have refused it without a pointer";
  }
}

TEST_P(StorageContract, timesBeyondTheCalendarAreKept) {
  for (const std::int64_t microseconds :
       {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, std::int64_t{253402300800000000}, INT64_MAX}) {
    NewJob wished = wish();
    wished.created_at = Time(std::chrono::microseconds(microseconds));
    EXPECT_EQ(job(submit(wished).row.id).row.created_at, wished.created_at) << microseconds;
  }
}

}  // namespace testarena::contract
