# Descriptions of agents in a build.
#
#     hocket_add_ddl(TARGET FILE… [EMIT KIND…])
#
# makes something from each description whenever it or hocketc changes, before TARGET is compiled: FILE's stem with the
# kind's suffix, in ${CMAKE_CURRENT_BINARY_DIR}/hocket-ddl/TARGET. Kinds: cpp (.h; alone unless EMIT says otherwise),
# json (.json), yaml (.yaml), schema (.schema.json), markdown (.md), man (.7), ruby (.ddl). A description with an error ends
# the build with hocketc's own words.
#
# TARGET, and what links to it, includes a header as "STEM.h". The folder is searched for names in quotes alone, so an
# agent called `time` does not come between a program and <time.h>.
#
#     hocket_check_ddl(NAME FILE…)
#
# makes a target NAME, part of `all`, that checks the descriptions.
#
# HOCKETC names another hocketc, for a build that cannot run its own.
include_guard(GLOBAL)

set(HOCKETC "" CACHE FILEPATH "The hocketc of this machine, when that of the build is for another one")

# What stands in a command for hocketc, and in DEPENDS.
function(_hocket_program variable)
  if(HOCKETC)
    set(${variable} "${HOCKETC}" PARENT_SCOPE)
  else()
    set(${variable} "$<TARGET_FILE:hocket::hocketc>" PARENT_SCOPE)
  endif()
endfunction()

function(_hocket_suffix variable kind)
  set(kinds cpp json yaml schema markdown man ruby)
  set(suffixes .h .json .yaml .schema.json .md .7 .ddl)
  list(FIND kinds "${kind}" index)
  if(index EQUAL -1)
    list(JOIN kinds ", " known)
    message(FATAL_ERROR "hocket_add_ddl: '${kind}' is none of ${known}")
  endif()
  list(GET suffixes ${index} suffix)
  set(${variable} "${suffix}" PARENT_SCOPE)
endfunction()

# All that is made of one description, by one run of hocketc: its warnings are seen once.
function(_hocket_compile_ddl made_variable file folder kinds)
  cmake_path(GET file STEM LAST_ONLY stem)
  set(made "")
  foreach(kind IN LISTS kinds)
    _hocket_suffix(suffix "${kind}")
    list(APPEND made "${folder}/${stem}${suffix}")
  endforeach()
  list(JOIN kinds "," emitted)
  _hocket_program(hocketc)
  add_custom_command(
    OUTPUT ${made}
    COMMAND "${hocketc}" compile "${file}" --emit ${emitted} -o "${folder}"
    DEPENDS "${file}" "${hocketc}"
    COMMENT "Compiling the description ${stem} (${emitted})"
    VERBATIM)
  set(${made_variable} "${made}" PARENT_SCOPE)
endfunction()

function(_hocket_include_quoted target folder)
  get_target_property(type ${target} TYPE)
  set(scope PUBLIC)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(scope INTERFACE)
  endif()
  if(MSVC)
    target_include_directories(${target} ${scope} "$<BUILD_INTERFACE:${folder}>")
  else()
    target_compile_options(${target} ${scope} "$<BUILD_INTERFACE:-iquote${folder}>")
  endif()
endfunction()

function(hocket_add_ddl target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EMIT")
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hocket_add_ddl: no description for the target ${target}")
  endif()
  if(NOT arg_EMIT)
    set(arg_EMIT cpp)
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/hocket-ddl/${target}")
  file(MAKE_DIRECTORY "${folder}")
  foreach(file IN LISTS arg_UNPARSED_ARGUMENTS)
    cmake_path(ABSOLUTE_PATH file NORMALIZE)
    _hocket_compile_ddl(made "${file}" "${folder}" "${arg_EMIT}")
    cmake_path(GET file STEM LAST_ONLY stem)
    if(TARGET ${target}-ddl-${stem})
      message(FATAL_ERROR "hocket_add_ddl: ${target} has a description ${stem} already")
    endif()
    add_custom_target(${target}-ddl-${stem} DEPENDS ${made})
    add_dependencies(${target} ${target}-ddl-${stem})
  endforeach()
  _hocket_include_quoted(${target} "${folder}")
endfunction()

function(hocket_check_ddl name)
  set(files "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file NORMALIZE)
    list(APPEND files "${file}")
  endforeach()
  _hocket_program(hocketc)
  set(stamp "${CMAKE_CURRENT_BINARY_DIR}/hocket-ddl/${name}.checked")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/hocket-ddl")
  add_custom_command(
    OUTPUT "${stamp}"
    COMMAND "${hocketc}" check ${files}
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS ${files} "${hocketc}"
    COMMENT "Checking the descriptions of ${name}"
    VERBATIM)
  add_custom_target(${name} ALL DEPENDS "${stamp}")
endfunction()
