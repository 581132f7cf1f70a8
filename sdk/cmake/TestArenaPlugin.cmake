# SPDX-License-Identifier: Apache-2.0
# testarena_add_plugin(NAME source... [LIBRARIES target...])
#
# A library that a TestArena host can load: NAME.so, which exports the one symbol `testarena_plugin` and nothing else.
# What the options are for:
#   version script, hidden visibility, --exclude-libs   two plugins with different versions of one library do not mix
#   -fno-gnu-unique                                      statics of templates are not shared between plugins
#   -z defs, -z now                                      a missing function shows at the link and at load, not in a call
#   -z nodelete                                          threads and exit handlers never meet unmapped code
function(testarena_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 PLUGIN "" "" "LIBRARIES")
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${name} MODULE ${PLUGIN_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE TestArena::SDK ${PLUGIN_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" POSITION_INDEPENDENT_CODE ON LINK_DEPENDS ${map}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(TESTARENA_PLUGIN_DIR)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${TESTARENA_PLUGIN_DIR})
  endif()
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${map} -Wl,--exclude-libs,ALL -Wl,-z,relro -Wl,-z,now -Wl,-z,nodelete)
  # The run time of a sanitizer is in the program, not in the plugin.
  if(NOT TESTARENA_SANITIZE AND NOT "${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
