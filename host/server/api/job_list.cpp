// SPDX-License-Identifier: Apache-2.0
#include "job_list.h"

#include <testarena/json.h>

#include "random.h"
#include "trace.h"

namespace testarena::server {
namespace {

constexpr auto kStorageLimit = std::chrono::seconds(10);
constexpr size_t kMostPages = 512;

/// A key that two different queries never share: fields are separated by a byte that no field can hold.
std::string keyOf(const JobQuery& query) {
  std::string key;
  for (const auto* text : {&query.q, &query.user, &query.environment, &query.branch}) {
    key += *text;
    key += '\0';
  }
  key += enumName(query.state.value_or(State::unknown));
  key += '\0';
  key += std::to_string(query.after.value_or(0));
  key += '\0';
  key += std::to_string(query.limit);
  return key;
}

/// The address of the next page: this one's with another `after`.
std::string linkTo(const http::Request& request, int64_t next) {
  std::string link = "</api/v1/jobs?";
  std::string_view rest = request.rawQuery();
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto parameter = rest.substr(0, end);
    if (parameter.substr(0, 6) != "after=" && !parameter.empty()) link.append(parameter).append("&");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return link + "after=" + std::to_string(next) + ">; rel=\"next\"";
}

}  // namespace

std::shared_ptr<const JobList::Page> JobList::find(const JobQuery& query) {
  const auto key = keyOf(query);
  auto call = callWithin(kStorageLimit);
  // Asked before the rows are read: a change in between makes the page look older than it is, never newer.
  const auto revision = storage_.data_revision({}, call).revision;
  const auto generation = jobs_.generation();
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = pages_.find(key);
        found != pages_.end() && found->second->revision == revision && found->second->generation == generation) {
      return found->second;
    }
  }
  auto rows = jobs_.list(query);
  auto page = std::make_shared<Page>();
  page->revision = revision;
  page->generation = generation;
  page->body = std::make_shared<const std::string>(toJson(JobListView{std::move(rows.jobs), rows.next}));
  page->etag = "\"" + fingerprint(*page->body) + "\"";
  if (rows.next) page->next = std::to_string(*rows.next);
  const std::lock_guard lock(mutex_);
  if (pages_.size() >= kMostPages) pages_.clear();
  pages_[key] = page;
  return page;
}

std::shared_ptr<const std::string> JobList::page(const JobQuery& query) {
  return find(query)->body;
}

http::Response JobList::answer(const http::Request& request, const JobQuery& query) {
  const auto page = find(query);
  http::Response response(200);
  if (request.header("If-None-Match") == page->etag) {
    response.setStatus(304);
  } else {
    response.setBody(page->body, "application/json");
  }
  response.setHeader("ETag", page->etag).setHeader("Cache-Control", "private, no-cache");
  if (!page->next.empty()) response.setHeader("Link", linkTo(request, std::stoll(page->next)));
  return response;
}

}  // namespace testarena::server
