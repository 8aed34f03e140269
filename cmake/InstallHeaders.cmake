# Installs a public header of the client library with all headers of ours that it includes, so that nothing else becomes
# public by accident. Quoted includes from the root of the sources become those of the installed folder:
#
#     "client/lib/call.h" -> <hocket/client/call.h>        "core/base/result.h" -> <hocket/core/base/result.h>
#
# cmake -D SOURCE=… -D DESTINATION=… -D START=client/lib/client.h -P InstallHeaders.cmake
cmake_minimum_required(VERSION 3.25)
set(waiting ${START})
set(done "")
while(waiting)
  list(POP_FRONT waiting header)
  if(header IN_LIST done)
    continue()
  endif()
  list(APPEND done ${header})
  file(READ ${SOURCE}/${header} text)
  string(REGEX MATCHALL "#include \"[^\"\n]+\"" includes "${text}")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "#include \"(.+)\"" "\\1" name "${include}")
    list(APPEND waiting ${name})
  endforeach()
  string(REGEX REPLACE "#include \"client/lib/([^\"\n]+)\"" "#include <hocket/client/\\1>" text "${text}")
  string(REGEX REPLACE "#include \"core/([^\"\n]+)\"" "#include <hocket/core/\\1>" text "${text}")
  string(REPLACE "client/lib/" "client/" installed ${header})
  file(WRITE ${DESTINATION}/hocket/${installed}.new "${text}")
  file(RENAME ${DESTINATION}/hocket/${installed}.new ${DESTINATION}/hocket/${installed})
endwhile()
