// SPDX-License-Identifier: Apache-2.0
#include "transport.h"

#include <mutex>
#include <utility>

#include <testarena/bytes.h>

#include "log.h"

namespace testarena::plugin_host {
namespace {

/// The ABI's table of the host's services for one instance.
class HostTable {
 public:
  explicit HostTable(std::shared_ptr<HostServices> services) : services_(std::move(services)) {}
  HostTable(const HostTable&) = delete;
  HostTable& operator=(const HostTable&) = delete;

  const ta_host& table() const { return table_; }

 private:
  static std::int32_t call(void* self, ta_bytes operation, ta_bytes request, ta_call* call) {
    return dispatch<HostServices>(*static_cast<HostTable*>(self)->services_, operation, request, *call);
  }

  std::shared_ptr<HostServices> services_;
  ta_host table_{sizeof(ta_host), 0, this, &HostTable::call};
};

class InProcess final : public Channel {
 public:
  InProcess(std::shared_ptr<Library> library, std::string_view interfaceId, std::string_view config,
            std::shared_ptr<HostServices> services, Call& call)
      : library_(std::move(library)), host_(std::move(services)) {
    const std::lock_guard lock(library_->createMutex());
    callWithoutAnswer(call, [&](ta_call* wire) {
      return library_->table().create(&host_.table(), toBytes(interfaceId), toBytes(config), wire, &instance_);
    });
    if (instance_ == nullptr) throw Internal("create said it went well and gave no instance");
  }

  ~InProcess() override {
    try {
      library_->table().destroy(instance_);
    } catch (...) {
      const Logger log("plugins");
      log.error("{}: destroy threw an exception, which must not happen: tell the plugin's author",
                library_->file().string());
    }
  }

  void call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) override {
    callThrough(call, receiver,
                [&](ta_call* wire) { return library_->table().call(instance_, toBytes(operation), request, wire); });
  }

 private:
  const std::shared_ptr<Library> library_;
  const HostTable host_;
  void* instance_ = nullptr;
};

}  // namespace

std::shared_ptr<Channel> openTransport(Configuration::Isolation isolation, std::shared_ptr<Library> library,
                                       std::string_view interfaceId, std::string_view config,
                                       std::shared_ptr<HostServices> services, Call& call) {
  switch (isolation) {
    case Configuration::Isolation::in_process:
      return std::make_shared<InProcess>(std::move(library), interfaceId, config, std::move(services), call);
    case Configuration::Isolation::process:
      // A child that speaks the same messages over a socketpair becomes a second Channel here. Until then Configuration
      // refuses the word, with its place; this is for whoever comes past it.
      break;
  }
  throw Unsupported("running a plugin in a process of its own is not available yet");
}

}  // namespace testarena::plugin_host
