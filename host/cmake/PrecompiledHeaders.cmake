# SPDX-License-Identifier: Apache-2.0
# Two precompiled headers for all C++ targets of this tree: what nearly every unit reads (the standard library and the SDK), and
# the same with GoogleTest for the tests.
option(TESTARENA_PRECOMPILED_HEADERS "Share precompiled headers among all targets" OFF)
if(NOT TESTARENA_PRECOMPILED_HEADERS)
  return()
endif()

set(common
    <algorithm> <atomic> <chrono> <condition_variable> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional>
    <set> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
    <testarena/authenticator.h> <testarena/discoverer.h> <testarena/executor.h> <testarena/storage.h>)

function(testarena_precompile name)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp "")
  add_library(${name} STATIC ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp)
  target_link_libraries(${name} PRIVATE TestArena::SDK)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

# Every target below `folder` that is compiled as the rest of the tree is.
function(testarena_share_precompiled_header folder name)
  get_directory_property(targets DIRECTORY ${folder} BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(sources ${target} SOURCES)
    # Plugins that tests make badly on purpose are left as they are.
    if(type MATCHES "STATIC_LIBRARY|OBJECT_LIBRARY|EXECUTABLE" AND sources MATCHES "[.]cpp")
      target_precompile_headers(${target} REUSE_FROM ${name})
    endif()
  endforeach()
  get_directory_property(folders DIRECTORY ${folder} SUBDIRECTORIES)
  foreach(below IN LISTS folders)
    testarena_share_precompiled_header(${below} ${name})
  endforeach()
endfunction()

testarena_precompile(testarena_precompiled ${common})
testarena_share_precompiled_header(${PROJECT_SOURCE_DIR}/host testarena_precompiled)
testarena_share_precompiled_header(${PROJECT_SOURCE_DIR}/plugins testarena_precompiled)
if(TESTARENA_TESTS)
  testarena_precompile(testarena_precompiled_tests ${common} <gmock/gmock.h> <gtest/gtest.h>)
  testarena_share_precompiled_header(${PROJECT_SOURCE_DIR}/tests testarena_precompiled_tests)
  testarena_share_precompiled_header(${PROJECT_SOURCE_DIR}/sdk/contract testarena_precompiled_tests)
endif()
