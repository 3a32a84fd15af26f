# lethe_precompile(<target> [core|test|rpc]) gives a target one of three precompiled header sets.
# Each set is compiled once and shared, so that a floor costs no second compilation of absl or
# gRPC. Headers stay self-sufficient because the tidy and clang builds run without (LETHE_PCH=OFF).
set(LETHE_PCH_core
    <algorithm> <array> <atomic> <cstdint> <cstring> <deque> <functional> <map> <memory> <mutex>
    <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant>
    <vector>
    <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_format.h>
    <absl/synchronization/mutex.h> <absl/time/time.h>)
set(LETHE_PCH_test ${LETHE_PCH_core} <gmock/gmock.h> <gtest/gtest.h>)
set(LETHE_PCH_rpc ${LETHE_PCH_core} <grpcpp/grpcpp.h> <google/protobuf/message.h>)

set(LETHE_PCH_LIBS_core absl::statusor absl::str_format absl::synchronization absl::time)
set(LETHE_PCH_LIBS_test ${LETHE_PCH_LIBS_core} GTest::gmock)
set(LETHE_PCH_LIBS_rpc ${LETHE_PCH_LIBS_core} gRPC::grpc++ protobuf::libprotobuf)

function(lethe_precompile target)
  if(NOT LETHE_PCH)
    return()
  endif()
  set(kind core)
  if(ARGC GREATER 1)
    set(kind ${ARGV1})
  endif()
  if(NOT DEFINED LETHE_PCH_${kind})
    message(FATAL_ERROR "lethe_precompile(${target}): no header set '${kind}'")
  endif()
  if(NOT TARGET lethe_pch_${kind})
    file(WRITE "${CMAKE_BINARY_DIR}/pch/${kind}.cc" "")
    add_library(lethe_pch_${kind} STATIC "${CMAKE_BINARY_DIR}/pch/${kind}.cc")
    target_link_libraries(lethe_pch_${kind} PRIVATE ${LETHE_PCH_LIBS_${kind}})
    target_precompile_headers(lethe_pch_${kind} PRIVATE ${LETHE_PCH_${kind}})
  endif()
  target_precompile_headers(${target} REUSE_FROM lethe_pch_${kind})
endfunction()
