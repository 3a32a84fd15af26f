# lethe_sanitize(<executable>): what an executable of a thread-sanitizer build needs beside the
# flags. Debian's absl comes without the annotations that its mutexes need there, so the functions
# of tests/support/tsan_mutex.cc stand before the library's. Does nothing in any other build.
function(lethe_sanitize target)
  if("${LETHE_SANITIZE}" MATCHES "thread")
    target_sources(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests/support/tsan_mutex.cc")
    target_link_libraries(${target} PRIVATE ${CMAKE_DL_LIBS})
  endif()
endfunction()

# lethe_sanitize_grpc(<executable>): the same for one that serves with gRPC.
function(lethe_sanitize_grpc target)
  if("${LETHE_SANITIZE}" MATCHES "thread")
    target_sources(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests/support/tsan_grpc.cc")
  endif()
endfunction()
