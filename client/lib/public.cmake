# libhocket-client: everything of ours that the client needs, in one shared library, with the headers that
# client/lib/typed_call.h includes. Semantic versions; until 1.0 every minor version may break what is compiled with it.
set(HOCKET_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(parts hocket_client hocket_config hocket_ddl hocket_filter hocket_transport hocket_wire hocket_crypto hocket_base)

file(WRITE ${PROJECT_BINARY_DIR}/generated/hocket_client_library.cpp "// Made of static libraries.\n")
add_library(hocket_client_shared SHARED ${PROJECT_BINARY_DIR}/generated/hocket_client_library.cpp)
set_target_properties(hocket_client_shared PROPERTIES
  OUTPUT_NAME hocket-client VERSION ${PROJECT_VERSION} SOVERSION ${HOCKET_SOVERSION})
list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archives)
list(JOIN archives "," archives)
target_link_libraries(hocket_client_shared PRIVATE
  "-Wl,--whole-archive,${archives},--no-whole-archive" ${parts})
add_dependencies(hocket_client_shared ${parts})
install(TARGETS hocket_client_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})

install(CODE "
  execute_process(COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D START=client/lib/typed_call.h
    -D DESTINATION=\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}
    -P ${PROJECT_SOURCE_DIR}/cmake/InstallHeaders.cmake COMMAND_ERROR_IS_FATAL ANY)")
file(WRITE ${PROJECT_BINARY_DIR}/generated/client.h
  "#pragma once\n\n#include <hocket/client/typed_call.h>\n\n#define HOCKET_VERSION \"${PROJECT_VERSION}\"\n")
install(FILES ${PROJECT_BINARY_DIR}/generated/client.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hocket)

include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/hocket)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/hocketConfig.cmake.in
  ${PROJECT_BINARY_DIR}/generated/hocketConfig.cmake INSTALL_DESTINATION ${package_folder}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_DATADIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/hocketConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/generated/hocketConfig.cmake
              ${PROJECT_BINARY_DIR}/generated/hocketConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/HocketAddDdl.cmake
        DESTINATION ${package_folder})
configure_file(${PROJECT_SOURCE_DIR}/cmake/hocket-client.pc.in
  ${PROJECT_BINARY_DIR}/generated/hocket-client.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/generated/hocket-client.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The same for programs in this build, so that a source is the same here and with an installed copy.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/public/hocket/client.h CONTENT
  "#pragma once\n\n#include \"client/lib/typed_call.h\"\n\n#define HOCKET_VERSION \"${PROJECT_VERSION}\"\n")
add_library(hocket_client_public INTERFACE)
target_include_directories(hocket_client_public INTERFACE ${PROJECT_BINARY_DIR}/generated/public)
target_link_libraries(hocket_client_public INTERFACE hocket_client)
add_library(hocket::client ALIAS hocket_client_public)
