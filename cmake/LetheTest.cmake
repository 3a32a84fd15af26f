# lethe_test(NAME <target> SOURCES <file>… LIBS <target>… LABELS <label>… [TIMEOUT <seconds>]
#            [PROPERTIES <ctest property> <value>…])
# declares a GoogleTest executable and every test in it, as <target>.<Suite>.<Name>. Tests are
# listed when ctest starts, so a test that ctest does not know of cannot exist. A label also
# serves `ctest -L`. A test over its time is a failure; the default is far above what any unit
# test takes, and far below what stalls a run.
include(GoogleTest)

set(LETHE_TEST_TIMEOUT_S 120)

function(lethe_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT" "SOURCES;LIBS;LABELS;PROPERTIES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES OR NOT arg_LABELS)
    message(FATAL_ERROR "lethe_test(${arg_NAME}): needs NAME, SOURCES and LABELS, and no other "
                        "words (${arg_UNPARSED_ARGUMENTS})")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT ${LETHE_TEST_TIMEOUT_S})
  endif()
  if(LETHE_SANITIZE)
    # Under a sanitizer a test takes several times as long.
    math(EXPR arg_TIMEOUT "3 * ${arg_TIMEOUT}")
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} GTest::gmock GTest::gtest_main)
  lethe_sanitize(${arg_NAME})
  target_compile_definitions(
    ${arg_NAME} PRIVATE LETHE_VECTORS_DIR="${LETHE_VECTORS_DIR}"
                        LETHE_TESTDATA_DIR="${CMAKE_SOURCE_DIR}/tests/testdata")
  lethe_precompile(${arg_NAME} test)
  gtest_discover_tests(
    ${arg_NAME}
    TEST_PREFIX "${arg_NAME}."
    TEST_LIST ${arg_NAME}_listed
    WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}"
    NO_PRETTY_VALUES
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
  # gtest_discover_tests keeps only the first of several labels, so ctest reads them from here.
  # An executable that was not built keeps its labels too, and fails the run under each of them.
  set(labels_file "${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}_labels.cmake")
  file(CONFIGURE OUTPUT "${labels_file}" @ONLY CONTENT [[
if(NOT DEFINED @arg_NAME@_listed)
  set(@arg_NAME@_listed @arg_NAME@_NOT_BUILT)
endif()
set_tests_properties(${@arg_NAME@_listed} PROPERTIES LABELS "@arg_LABELS@")
]])
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${labels_file}")
endfunction()
