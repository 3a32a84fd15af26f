# Language, warnings, hardening, sanitizers, compiler cache and linker: everything that holds for
# every target of the house.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Includes are relative to the root: "base/bytes.h". __FILE__ and debug information name no machine
# path, which also lets the compiler cache serve every clone.
include_directories("${CMAKE_SOURCE_DIR}")
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

# gRPC's targets bring it; everywhere, so that all targets can share precompiled headers.
add_compile_options(-pthread)

# Options structs are filled by designated initialisers that leave the rest at its default.
add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 on "literal" + string and string + "literal" (GCC bugs 105651, 105329).
  add_compile_options(-Wno-restrict -Wno-array-bounds)
else()
  add_compile_options(-Wthread-safety)
endif()

if(LETHE_SANITIZE)
  list(JOIN LETHE_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${sanitizers})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND "address" IN_LIST LETHE_SANITIZE)
    add_compile_definitions(__SANITIZE_ADDRESS__)  # GCC says so by itself, clang does not.
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The instrumentation hides from g++ 12 what these need to know; the other builds check them.
    add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
else()
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection)
  add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
  add_link_options(-Wl,-z,relro,-z,now)
endif()

if(LETHE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Without the sloppiness and -fpch-preprocess ccache caches nothing of a build that precompiles
# headers; base_dir and nohashdir let two clones share what one has compiled.
find_program(LETHE_CCACHE ccache)
if(LETHE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_NOHASHDIR=1
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${LETHE_CCACHE})
  if(LETHE_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

find_program(LETHE_MOLD mold)
find_program(LETHE_LLD ld.lld)
if(LETHE_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(LETHE_LLD)
  add_link_options(-fuse-ld=lld)
endif()
