# hocket_options: what every target of ours compiles with.
add_library(hocket_options INTERFACE)
target_compile_features(hocket_options INTERFACE cxx_std_20)
target_include_directories(hocket_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(hocket_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Woverloaded-virtual -Wnon-virtual-dtor
  # g++ 12 at -O2 finds uninitialised members in every std::variant and std::map that is moved.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:RelWithDebInfo>>:-Wno-maybe-uninitialized>
  $<$<BOOL:${HOCKET_WERROR}>:-Werror>)
target_compile_definitions(hocket_options INTERFACE
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_HANDLER_TYPE_REQUIREMENTS)
target_link_libraries(hocket_options INTERFACE Threads::Threads)

if(HOCKET_SANITIZE)
  target_compile_options(hocket_options INTERFACE -fsanitize=${HOCKET_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(hocket_options INTERFACE -fsanitize=${HOCKET_SANITIZE})
  if(HOCKET_SANITIZE MATCHES "thread")
    target_compile_options(hocket_options INTERFACE -Wno-tsan)
  else()
    target_compile_options(hocket_options INTERFACE -fno-sanitize-recover=all)
  endif()
endif()

if(HOCKET_FUZZ)
  target_compile_options(hocket_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(hocket_options INTERFACE
    -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(hocket_options INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # libhocket-client is made of the same objects

configure_file(${CMAKE_CURRENT_LIST_DIR}/version.h.in ${PROJECT_BINARY_DIR}/generated/hocket_version.h @ONLY)

# hocket_library(NAME SOURCES … LINKS … PRIVATE_LINKS …): one static library for each folder.
function(hocket_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC hocket_options ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

# CMAKE_UNITY_BUILD joins the sources of a target, up to this number: a build of everything takes half of the time, one
# after a small change more. All presets but `dev` do so.
if(NOT DEFINED CMAKE_UNITY_BUILD_BATCH_SIZE)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 16)
endif()

# hocket_alone(FILE…): sources that are never joined, for a name in their unnamed namespace is another one's, too.
function(hocket_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
