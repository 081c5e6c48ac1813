# One library per room of ARCHITECTURE.md. The DEPS of a room are the only rooms it may include;
# script/check-includes reads the same rule from the sources and fails when they disagree.

# baedal_library(<name> SOURCES a.cpp … DEPS kernel …)  makes baedal_<name>, alias baedal::<name>.
function(baedal_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(baedal_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(baedal_${name} PUBLIC baedal::options ${ARG_DEPS})
  else()
    add_library(baedal_${name} INTERFACE)
    target_link_libraries(baedal_${name} INTERFACE baedal::options ${ARG_DEPS})
  endif()
  add_library(baedal::${name} ALIAS baedal_${name})
endfunction()

# baedal_benchmark(SOURCES a_bench.cpp … DEPS …)  adds micro benchmarks (Google Benchmark) to the one
# program micro_bench, which script/bench micro runs. Not part of `all`: one ctest entry builds it,
# another runs each benchmark for a moment.
find_package(benchmark QUIET)
if(benchmark_FOUND)
  add_executable(micro_bench EXCLUDE_FROM_ALL)
  target_link_libraries(micro_bench PRIVATE baedal::options benchmark::benchmark_main)
endif()
function(baedal_benchmark)
  if(NOT TARGET micro_bench)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  target_sources(micro_bench PRIVATE ${ARG_SOURCES})
  target_link_libraries(micro_bench PRIVATE ${ARG_DEPS})
endfunction()

# Builds every unit test: all that a sanitizer build needs.
add_custom_target(unit_tests)

# One ctest run shows the builds side by side: kernel, kernel.asan, kernel.tsan.
set(BAEDAL_TEST_SUFFIX_address ".asan")
set(BAEDAL_TEST_SUFFIX_thread ".tsan")

# baedal_test(<name> SOURCES a_test.cpp … DEPS …)  makes the executable <name>_test, one ctest entry.
function(baedal_test name)
  if(NOT BAEDAL_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE baedal::options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  add_dependencies(unit_tests ${name}_test)
  set(test ${name}${BAEDAL_TEST_SUFFIX_${BAEDAL_SANITIZER}})
  add_test(NAME ${test} COMMAND ${name}_test)
  set_tests_properties(${test} PROPERTIES TIMEOUT 300 LABELS unit
    ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=second_deadlock_stack=1")
endfunction()
