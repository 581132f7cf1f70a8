# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT: the files PARTS as one text (remote_script.h).
set(text "")
foreach(part IN LISTS PARTS)
  file(READ ${part} content)
  string(APPEND text "${content}")
endforeach()
string(SHA256 digest "${text}")
string(SUBSTRING ${digest} 0 16 digest)
# A literal has a length that every compiler takes, so in pieces.
string(REPLACE "\n# --- " ")~sh~\"\n    R\"~sh~(\n# --- " text "${text}")
file(WRITE ${OUTPUT} "// Made by embed_script.cmake from remote/*.sh.\n#include \"remote_script.h\"\n
namespace testarena::ssh_executor {\n
const std::string_view kScript =\n    R\"~sh~(${text})~sh~\";\nconst std::string_view kScriptDigest = \"${digest}\";\n
}  // namespace testarena::ssh_executor\n")
