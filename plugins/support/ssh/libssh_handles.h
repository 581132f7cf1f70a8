// SPDX-License-Identifier: Apache-2.0
// What libssh hands out, in hands that give it back.
#pragma once

#include <memory>
#include <string>

#include <libssh/libssh.h>

namespace testarena::ssh {

template <auto kFree>
struct FreedBy {
  template <class Handle>
  void operator()(Handle* handle) const {
    kFree(handle);
  }
};

using SessionHandle = std::unique_ptr<ssh_session_struct, FreedBy<ssh_free>>;
using ChannelHandle = std::unique_ptr<ssh_channel_struct, FreedBy<ssh_channel_free>>;
using KeyHandle = std::unique_ptr<ssh_key_struct, FreedBy<ssh_key_free>>;
using EventHandle = std::unique_ptr<ssh_event_struct, FreedBy<ssh_event_free>>;

}  // namespace testarena::ssh
