# SPDX-License-Identifier: Apache-2.0
# What every target of this tree is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

find_program(TESTARENA_CCACHE ccache)
if(TESTARENA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
                                  ${TESTARENA_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()
find_program(TESTARENA_MOLD mold)
if(TESTARENA_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# The same for every target, programs too: a precompiled header serves only units compiled alike (PrecompiledHeaders.cmake).
# The definitions are those that Poco asks for.
add_compile_options(-fPIC -pthread)
add_compile_definitions(_FILE_OFFSET_BITS=64 _LARGEFILE64_SOURCE _REENTRANT _THREAD_SAFE _XOPEN_SOURCE=500)
if(TESTARENA_TESTS)
  add_compile_definitions(GTEST_HAS_PTHREAD=1) # GoogleTest asks for it
endif()
add_link_options(-pthread)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
if(TESTARENA_WERROR)
  add_compile_options(-Werror -Wno-error=invalid-pch)
endif()
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(TESTARENA_SANITIZE)
  add_compile_options(-fsanitize=${TESTARENA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TESTARENA_SANITIZE})
  if(TESTARENA_SANITIZE MATCHES undefined)
    # A third of the compiler's time. AddressSanitizer reports a null pointer as well, and reading at any address, which only the
    # codec could do wrong, is what the fuzzers check.
    add_compile_options(-fno-sanitize=null,alignment)
  endif()
else()
  add_compile_options(-fstack-protector-strong)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
# A program exports nothing: a plugin must never bind to the host's symbols.
add_link_options(-Wl,-z,relro,-z,now)
