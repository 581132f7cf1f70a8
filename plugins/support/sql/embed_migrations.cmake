# SPDX-License-Identifier: Apache-2.0
# testarena_embed_migrations(target folder): builds the files NNNN_what_it_does.sql of `folder` into `target`, which then has
# `const std::vector<testarena::sql::Migration>& testarena::sql::builtInMigrations()` (built_in_migrations.h).
# Run as a script, the same file writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB scripts ${FOLDER}/*.sql)
  list(SORT scripts)
  set(entries "")
  set(expected 1)
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME_WE)
    if(NOT name MATCHES "^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$")
      message(FATAL_ERROR "${script}: a migration is named NNNN_what_it_does.sql")
    endif()
    string(REGEX REPLACE "^0*([0-9]+)_.*" "\\1" version ${name})
    if(NOT version EQUAL expected)
      message(FATAL_ERROR "${script}: expected number ${expected}; migrations are numbered from 1 without gaps")
    endif()
    math(EXPR expected "${expected} + 1")
    file(READ ${script} text)
    string(APPEND entries "      {${version}, \"${name}\", R\"~sql~(${text})~sql~\"},\n")
  endforeach()
  file(WRITE ${OUTPUT} "// Made by embed_migrations.cmake from the .sql files.\n#include \"built_in_migrations.h\"\n
namespace testarena::sql {\n\nconst std::vector<Migration>& builtInMigrations() {\n  static const std::vector<Migration> migrations = {
${entries}  };\n  return migrations;\n}\n\n}  // namespace testarena::sql\n")
  return()
endif()

function(testarena_embed_migrations target folder)
  file(GLOB scripts CONFIGURE_DEPENDS ${folder}/*.sql)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/built_in_migrations.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${output} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    DEPENDS ${scripts} ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    COMMENT "Embedding migrations of ${target}")
  target_sources(${target} PRIVATE ${output})
endfunction()
