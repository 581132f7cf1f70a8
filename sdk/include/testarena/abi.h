/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole binary interface between a host and a plugin, in C99. It is frozen for the major version: what is here
 * never changes, and nothing is added but a member at the end of a struct (`struct_size` says whether it is there) and
 * an error code at the end of the list. New operations and new fields are new words in messages and need no change
 * here.
 *
 * A plugin is a shared library that exports exactly one symbol:
 *
 *     TA_EXPORT const ta_plugin testarena_plugin = {...};
 *
 * It is data, not a function: a host can look at `magic`, `abi_version` and the manifest before any function of an
 * unknown library runs, and a tool can read them from the file without loading it. C++ authors do not write it
 * themselves, they use TESTARENA_PLUGIN of <testarena/plugin.h>.
 *
 * Messages are MessagePack maps keyed by field name; which operations and fields there are say the interface headers
 * (<testarena/executor.h> and its siblings).
 *
 * Rules for both sides
 *  - No exception, longjmp or thread cancellation leaves a function of this header.
 *  - Every pointer is borrowed: valid until the function it was passed to returns, unless said otherwise.
 *  - Text is UTF-8, not ended by a zero octet.
 *  - Functions are called on threads of the caller; `call` on as many at once as the manifest's `max_concurrency`
 * allows.
 */
#ifndef TESTARENA_ABI_H
#define TESTARENA_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define TA_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define TA_EXPORT __attribute__((visibility("default")))
#endif

/* "TSTARENA": tells a plugin from any other library that happens to have the symbol. */
#define TA_MAGIC UINT64_C(0x5453544152454E41)
#define TA_ABI_VERSION 1u

/* The deadline of a call that has none. */
#define TA_NO_DEADLINE INT64_MAX

/* What a call came to. Append-only; a code that the reader does not know counts as TA_INTERNAL.
 * The right column says who should do what. */
enum {
  TA_OK = 0,
  TA_INVALID = 1,     /* the request makes no sense: whoever made it corrects it; repeating is useless              */
  TA_NOT_FOUND = 2,   /* what it names does not exist: the caller takes that as the answer                          */
  TA_CONFLICT = 3,    /* it contradicts what is already there: the caller reads the present state and decides       */
  TA_RETRY = 4,       /* nothing was done, a race was lost: the caller repeats at once                              */
  TA_UNAVAILABLE = 5, /* what stands behind the plugin cannot be reached: the caller repeats, with growing pauses   */
  TA_DENIED = 6,      /* not allowed: a person changes credentials or rights                                        */
  TA_CANCELLED = 7,   /* the caller took the call back: nobody does anything                                        */
  TA_DEADLINE_EXCEEDED = 8, /* time ran out, the effect is not known: the caller asks what became of it */
  TA_UNSUPPORTED = 9,   /* this plugin does not offer the operation: the caller does without, for the plugin's life   */
  TA_EXHAUSTED = 10,    /* a quota, a limit or memory is used up: the caller asks for less, or a person makes room    */
  TA_WRONG_STATE = 11,  /* not now: the caller waits until what it names has another state                            */
  TA_OUT_OF_RANGE = 12, /* beyond what is kept, for example an offset whose data is gone: the caller asks elsewhere   */
  TA_INTERNAL = 13      /* a bug, of the plugin or of the host: its author reads the log                              */
};

typedef struct ta_bytes {
  const void* data; /* may be null if size is 0 */
  uint64_t size;
} ta_bytes;

/* One call, in either direction. The callee uses it until it returns, not later.
 *
 * The callee calls `reply` once and returns TA_OK, or calls `fail` and returns a code other than TA_OK. What else it
 * may do is judged so: any `fail` makes the call fail, whatever else happened; a code without `fail` is an error
 * without words; TA_OK without `reply`, or with two, is TA_INTERNAL. */
typedef struct ta_call {
  uint32_t struct_size; /* sizeof(ta_call) of the caller */
  uint32_t reserved;    /* 0 */
  int64_t deadline_ns;  /* CLOCK_MONOTONIC in nanoseconds, or TA_NO_DEADLINE */
  ta_bytes trace_id;    /* for log lines; may be empty */
  void* ctx;            /* the caller's; first argument of what follows */

  /* Not 0 as soon as nobody waits for the answer any more. From any thread. A callee that waits looks at least every
   * 200 ms. */
  int32_t (*cancelled)(void* ctx);

  /* The answer: one message, `head` followed by `tail`. `tail` is either empty or the octets of one binary value (bin
   * 8, 16 or 32) that ends the message; they stay where they are instead of being copied behind `head`. On the thread
   * of the call; both are read before it returns. */
  void (*reply)(void* ctx, ta_bytes head, ta_bytes tail);

  /* What went wrong, in words for a person: what, where, what to do. `json_pointer` (RFC 6901) names the place in the
   * request or in the configuration; may be empty. Any number of times, for as many faults. On the thread of the call.
   */
  void (*fail)(void* ctx, int32_t code, ta_bytes message, ta_bytes json_pointer);
} ta_call;

/* What a host offers to a plugin; the operations are in <testarena/host_services.h>. Valid until `destroy` has
 * returned. From any thread. It never calls back into the plugin. */
typedef struct ta_host {
  uint32_t struct_size; /* sizeof(ta_host) of the host */
  uint32_t reserved;    /* 0 */
  void* ctx;
  int32_t (*call)(void* ctx, ta_bytes operation, ta_bytes request, ta_call* call);
} ta_host;

typedef struct ta_plugin {
  uint64_t magic;       /* TA_MAGIC */
  uint32_t struct_size; /* sizeof(ta_plugin) of the plugin */
  uint32_t abi_version; /* TA_ABI_VERSION of the plugin */
  ta_bytes manifest;    /* JSON, see <testarena/plugin.h>; lives as long as the library */

  /* Makes an instance of one interface of the manifest ("executor/1"). `config` is a message with the instance's
   * configuration: checked against the manifest's schema, defaults filled in. On success `*instance` is set and TA_OK
   * returned, without `reply`. One thread at a time for a plugin. `host` stays valid until `destroy` has returned. */
  int32_t (*create)(const ta_host* host, ta_bytes interface_id, ta_bytes config, ta_call* call, void** instance);

  /* Performs an operation of the interface. TA_UNSUPPORTED: no such operation. */
  int32_t (*call)(void* instance, ta_bytes operation, ta_bytes request, ta_call* call);

  /* Ends an instance. No call runs any more, and when it returns the plugin has ended its threads for this instance and
   * uses `host` no more. Called once for each created instance. */
  void (*destroy)(void* instance);
} ta_plugin;

#ifdef __cplusplus
}
#endif

#endif
