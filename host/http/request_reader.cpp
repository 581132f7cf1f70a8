// SPDX-License-Identifier: Apache-2.0
#include "request_reader.h"

#include <algorithm>
#include <utility>

namespace testarena::http {

RequestReader::Step RequestReader::feed(std::string_view bytes, const HeadLimits& limits) {
  if (partial_) return feedBody(bytes, limits);
  if (input_.empty()) return feedHead(bytes, limits);
  std::string all = std::exchange(input_, {});
  all += bytes;
  return feedHead(all, limits);
}

RequestReader::Step RequestReader::feedHead(std::string_view bytes, const HeadLimits& limits) {
  Step step;
  step.refusal = scanner_.scan(bytes, limits);
  if (step.refusal) return step;
  if (!scanner_.complete()) {
    input_.assign(bytes);
    return step;
  }
  auto partial = std::make_unique<Partial>();
  CompleteRequest& request = partial->request;
  request.head_bytes.assign(bytes.substr(scanner_.begin(), scanner_.end() - scanner_.begin()));
  std::string_view rest = bytes.substr(scanner_.end());
  scanner_ = {};
  step.refusal = headCheck(request.head_bytes, limits, request.head);
  if (step.refusal) return step;
  bool waits = request.head.expects_continue && rest.empty();
  partial_ = std::move(partial);
  step = feedBody(rest, limits);
  step.send_continue = waits && !step.request && !step.refusal;
  return step;
}

RequestReader::Step RequestReader::feedBody(std::string_view bytes, const HeadLimits& limits) {
  Step step;
  CompleteRequest& request = partial_->request;
  bool complete = true;
  if (request.head.body == Head::Body::length) {
    auto missing = static_cast<std::size_t>(request.head.content_length) - request.body.size();
    std::size_t size = std::min(missing, bytes.size());
    request.body.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    complete = size == missing;
  } else if (request.head.body == Head::Body::chunked) {
    step.refusal = partial_->chunks.decode(bytes, request.body, limits.max_body);
    if (step.refusal) return step;
    complete = partial_->chunks.complete();
  }
  if (!complete) return step;
  input_.assign(bytes);
  step.request = std::make_unique<CompleteRequest>(std::move(request));
  partial_.reset();
  return step;
}

std::size_t RequestReader::buffered() const {
  return input_.size() + (partial_ ? partial_->request.head_bytes.size() + partial_->request.body.size() : 0);
}

}  // namespace testarena::http
