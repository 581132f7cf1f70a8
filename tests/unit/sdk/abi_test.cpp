// SPDX-License-Identifier: Apache-2.0
// The ABI, written down a second time. A change here breaks every plugin that was ever built: do not make the test
// follow.
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include <testarena/abi.h>

namespace {

#define EXPECT_MEMBER(type, member, offset, member_type) \
  static_assert(offsetof(type, member) == (offset));     \
  static_assert(std::is_same_v<decltype(type::member), member_type>)

using Cancelled = std::int32_t (*)(void*);
using Reply = void (*)(void*, ta_bytes, ta_bytes);
using Fail = void (*)(void*, std::int32_t, ta_bytes, ta_bytes);
using HostCall = std::int32_t (*)(void*, ta_bytes, ta_bytes, ta_call*);
using Create = std::int32_t (*)(const ta_host*, ta_bytes, ta_bytes, ta_call*, void**);
using PluginCall = std::int32_t (*)(void*, ta_bytes, ta_bytes, ta_call*);
using Destroy = void (*)(void*);

static_assert(sizeof(ta_bytes) == 16 && alignof(ta_bytes) == 8);
EXPECT_MEMBER(ta_bytes, data, 0, const void*);
EXPECT_MEMBER(ta_bytes, size, 8, std::uint64_t);

static_assert(sizeof(ta_call) == 64 && alignof(ta_call) == 8);
EXPECT_MEMBER(ta_call, struct_size, 0, std::uint32_t);
EXPECT_MEMBER(ta_call, reserved, 4, std::uint32_t);
EXPECT_MEMBER(ta_call, deadline_ns, 8, std::int64_t);
EXPECT_MEMBER(ta_call, trace_id, 16, ta_bytes);
EXPECT_MEMBER(ta_call, ctx, 32, void*);
EXPECT_MEMBER(ta_call, cancelled, 40, Cancelled);
EXPECT_MEMBER(ta_call, reply, 48, Reply);
EXPECT_MEMBER(ta_call, fail, 56, Fail);

static_assert(sizeof(ta_host) == 24 && alignof(ta_host) == 8);
EXPECT_MEMBER(ta_host, struct_size, 0, std::uint32_t);
EXPECT_MEMBER(ta_host, reserved, 4, std::uint32_t);
EXPECT_MEMBER(ta_host, ctx, 8, void*);
EXPECT_MEMBER(ta_host, call, 16, HostCall);

static_assert(sizeof(ta_plugin) == 56 && alignof(ta_plugin) == 8);
EXPECT_MEMBER(ta_plugin, magic, 0, std::uint64_t);
EXPECT_MEMBER(ta_plugin, struct_size, 8, std::uint32_t);
EXPECT_MEMBER(ta_plugin, abi_version, 12, std::uint32_t);
EXPECT_MEMBER(ta_plugin, manifest, 16, ta_bytes);
EXPECT_MEMBER(ta_plugin, create, 32, Create);
EXPECT_MEMBER(ta_plugin, call, 40, PluginCall);
EXPECT_MEMBER(ta_plugin, destroy, 48, Destroy);

static_assert(TA_MAGIC == 0x5453544152454E41 && TA_ABI_VERSION == 1 && TA_NO_DEADLINE == INT64_MAX);
static_assert(TA_OK == 0 && TA_INVALID == 1 && TA_NOT_FOUND == 2 && TA_CONFLICT == 3 && TA_RETRY == 4);
static_assert(TA_UNAVAILABLE == 5 && TA_DENIED == 6 && TA_CANCELLED == 7 && TA_DEADLINE_EXCEEDED == 8);
static_assert(TA_UNSUPPORTED == 9 && TA_EXHAUSTED == 10 && TA_WRONG_STATE == 11 && TA_OUT_OF_RANGE == 12);
static_assert(TA_INTERNAL == 13);

TEST(Abi, magicReadsAsText) {
  std::string text;
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(TA_MAGIC >> shift & 0xFF);
  EXPECT_EQ(text, "TSTARENA");
}

}  // namespace
