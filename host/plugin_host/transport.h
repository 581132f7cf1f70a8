// SPDX-License-Identifier: Apache-2.0
// How calls get into a plugin: by a pointer in this process or, later, by a socket into a child.
#pragma once

#include <memory>
#include <string_view>

#include <testarena/channel.h>
#include <testarena/host_services.h>

#include "configuration.h"
#include "library.h"

namespace testarena::plugin_host {

/// Creates an instance and returns the way to it; the instance is destroyed with the last owner of the channel. Throws
/// what the plugin's `create` failed with. This is the one place that knows what `isolation` means.
std::shared_ptr<Channel> openTransport(Configuration::Isolation isolation, std::shared_ptr<Library> library,
                                       std::string_view interfaceId, std::string_view config,
                                       std::shared_ptr<HostServices> services, Call& call);

}  // namespace testarena::plugin_host
