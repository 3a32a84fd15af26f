# Every third-party library of the house, by its target. Debian 12 packages only; the list of
# packages is in scripts/install-deps.sh. The crypto benchmarks need the first three alone.
find_package(Threads REQUIRED)
find_package(absl CONFIG REQUIRED)                            # absl::status absl::statusor …
find_package(OpenSSL 3.0 REQUIRED)                            # OpenSSL::Crypto OpenSSL::SSL
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)  # PkgConfig::sodium

if(LETHE_BUILD_BENCH)
  find_package(benchmark REQUIRED)                            # benchmark::benchmark
endif()

if(NOT LETHE_BENCH_CRYPTO_ONLY)
  find_package(RocksDB CONFIG REQUIRED)                       # RocksDB::rocksdb-shared
  find_package(nlohmann_json REQUIRED)                        # nlohmann_json::nlohmann_json
  pkg_check_modules(p11kit REQUIRED p11-kit-1)                # <p11-kit/pkcs11.h>, not the library
  find_package(yaml-cpp CONFIG REQUIRED)                      # yaml-cpp (no namespace in 0.7)
  if(LETHE_BUILD_TESTS)
    find_package(GTest REQUIRED)                              # GTest::gtest GTest::gmock …
  endif()
  if(NOT LETHE_WITHOUT_SERVER)
    # Debian ships no config file for protobuf: CMake's module first, or gRPC's config fails.
    find_package(Protobuf MODULE REQUIRED)                    # protobuf::libprotobuf
    find_package(gRPC CONFIG REQUIRED)                        # gRPC::grpc++ …_reflection
    find_package(CLI11 CONFIG REQUIRED)                       # CLI11::CLI11
    find_package(spdlog CONFIG REQUIRED)                      # spdlog::spdlog
  endif()
endif()
