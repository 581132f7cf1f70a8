// SPDX-License-Identifier: Apache-2.0
// What makes a plugin of a class. One source file of a plugin says, at global scope:
//
//     constexpr char kManifest[] = R"({
//       "name": "farm_executor", "version": "1.0.0", "description": "Runs scenarios on the farm",
//       "interfaces": [{
//         "id": "executor/1",
//         "max_concurrency": 4,
//         "config": {"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
//           "url": {"type": "string", "format": "uri", "description": "Where the farm listens"}}}}]
//     })";
//     TESTARENA_PLUGIN(kManifest, TA_OFFER(testarena::Executor, FarmExecutor))
//
// Manifest. `name`: [a-z][a-z0-9_]*, the name of the file without `.so`. For each interface: `max_concurrency`, how
// many operations may run at once (1 if missing, 0 without limit), and `config`, the JSON Schema of the configuration.
//
// The class. It implements the interface, has a nested record `Settings` whose fields are the keys of the configuration
// (a duration arrives as milliseconds, a size as int64_t octets) and a constructor `(const Settings&, const Host&)`;
// what that throws is shown to the administrator, with the error's pointer as the key that is wrong (`Invalid("...",
// "/url")`). Its destructor ends all threads it has started.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <testarena/host.h>
#include <testarena/interface.h>
#include <testarena/message.h>

/// `constexpr`: the table is in the file as it stands, so a host can read it before any code of the plugin runs.
#define TESTARENA_PLUGIN(manifest, ...)       \
  TA_EXPORT const ta_plugin testarena_plugin; \
  constexpr ta_plugin testarena_plugin = ::testarena::detail::PluginTable<__VA_ARGS__>::make(manifest);

#define TA_OFFER(Interface, Implementation) ::testarena::detail::Offer<Interface, Implementation>

namespace testarena {
inline namespace v1 {
namespace detail {

/// What `void* instance` points to.
class Instance {
 public:
  virtual ~Instance() = default;
  virtual std::int32_t call(ta_bytes operation, ta_bytes request, const ta_call& call) noexcept = 0;
};

template <class Interface, class Implementation>
class Offer final : public Instance {
 public:
  static constexpr std::string_view id() { return interfaceId<Interface>(); }

  Offer(ta_bytes config, const Host& host) : implementation_(decode<typename Implementation::Settings>(config), host) {}

  std::int32_t call(ta_bytes operation, ta_bytes request, const ta_call& call) noexcept override {
    return dispatch<Interface>(implementation_, operation, request, call);
  }

 private:
  Implementation implementation_;
};

template <class... Offers>
class PluginTable {
 public:
  static constexpr ta_plugin make(std::string_view manifest) {
    return ta_plugin{TA_MAGIC, sizeof(ta_plugin), TA_ABI_VERSION, toBytes(manifest), &create, &call, &destroy};
  }

 private:
  static std::int32_t create(const ta_host* host, ta_bytes interfaceId, ta_bytes config, ta_call* wire,
                             void** instance) noexcept {
    return guard(*wire, [&]() -> std::int32_t {
      std::unique_ptr<Instance> made;
      const std::string_view wanted = toView(interfaceId);
      (void)((wanted == Offers::id() && (made = std::make_unique<Offers>(config, Host(*host)), true)) || ...);
      if (!made) {
        return fail(*wire, Code::unsupported,
                    "this plugin does not offer the interface '" + cleanUtf8(wanted.substr(0, 64)) + "'");
      }
      *instance = made.release();
      return TA_OK;
    });
  }

  static std::int32_t call(void* instance, ta_bytes operation, ta_bytes request, ta_call* wire) noexcept {
    return static_cast<Instance*>(instance)->call(operation, request, *wire);
  }

  static void destroy(void* instance) noexcept { delete static_cast<Instance*>(instance); }
};

}  // namespace detail
}  // namespace v1
}  // namespace testarena
