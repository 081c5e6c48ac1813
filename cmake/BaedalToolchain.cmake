# Compiler, linker and sanitizer choices, in one place. Everything optional is used when present,
# so that the project also builds on a machine with only a compiler and the libraries.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the checkout: two checkouts of one commit share their cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

add_library(baedal_options INTERFACE)
add_library(baedal::options ALIAS baedal_options)
target_include_directories(baedal_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_compile_options(baedal_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Wnon-virtual-dtor -Werror
  # Known false positives of g++ 12 in optimised std::string and std::variant code.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-free-nonheap-object>
  -fno-omit-frame-pointer)
target_compile_definitions(baedal_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION
  SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(baedal_options INTERFACE -fuse-ld=mold)
endif()

set(BAEDAL_SANITIZER "" CACHE STRING "address, thread, fuzz or coverage; empty for none")
if(BAEDAL_SANITIZER STREQUAL "address")
  target_compile_options(baedal_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(baedal_options INTERFACE -fsanitize=address,undefined)
elseif(BAEDAL_SANITIZER STREQUAL "fuzz")
  # For clang: g++ has no libFuzzer. Its own opinions of the sources are left to g++'s and clang-tidy's.
  target_compile_options(baedal_options INTERFACE
    -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -w)
  target_link_options(baedal_options INTERFACE -fsanitize=address,undefined)
elseif(BAEDAL_SANITIZER STREQUAL "thread")
  # Asio's fences are not seen by TSan, which warns; what Asio hands over also passes a mutex.
  target_compile_options(baedal_options INTERFACE -fsanitize=thread -Wno-tsan)
  target_link_options(baedal_options INTERFACE -fsanitize=thread)
elseif(BAEDAL_SANITIZER STREQUAL "coverage")
  target_compile_options(baedal_options INTERFACE --coverage)
  target_link_options(baedal_options INTERFACE --coverage)
elseif(NOT BAEDAL_SANITIZER STREQUAL "")
  message(FATAL_ERROR "BAEDAL_SANITIZER must be address, thread, fuzz, coverage or empty")
endif()
