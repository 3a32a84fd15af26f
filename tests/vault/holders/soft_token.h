// A real PKCS#11 token: SoftHSM2, with a token of this process's own in a temporary folder.
#ifndef LETHE_TESTS_VAULT_HOLDERS_SOFT_TOKEN_H_
#define LETHE_TESTS_VAULT_HOLDERS_SOFT_TOKEN_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "tests/support/temp_dir.h"
#include "vault/model/holder_spec.h"

namespace lethe::test {

// The library reads its configuration once, when it is loaded, so there is one token a process.
class SoftToken {
 public:
  // Null where SoftHSM2 is not installed: skip, and say so.
  static const SoftToken* Get() {
    static const SoftToken token;
    return token.spec_.has_value() ? &token : nullptr;
  }
  const vault::TokenSpec& spec() const { return *spec_; }

 private:
  SoftToken() {
    const char* module = "/usr/lib/softhsm/libsofthsm2.so";
    std::filesystem::create_directories(dir_ / "tokens");
    std::ofstream(dir_ / "softhsm2.conf") << "directories.tokendir = " << dir_ / "tokens"
                                          << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    setenv("SOFTHSM2_CONF", (dir_ / "softhsm2.conf").c_str(), 1);
    const int made = std::system(
        "softhsm2-util --init-token --free --label lethe-test --so-pin 87654321 --pin 12345678 "
        ">/dev/null 2>&1");
    if (made != 0 || !std::filesystem::exists(module)) return;
    std::ofstream(dir_ / "pin") << "12345678\n";
    std::filesystem::permissions(dir_ / "pin", std::filesystem::perms::owner_read);
    spec_ = vault::TokenSpec{module, "lethe-test", dir_ / "pin"};
  }

  TempDir dir_;
  std::optional<vault::TokenSpec> spec_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_SOFT_TOKEN_H_
