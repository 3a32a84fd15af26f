// AES keys in a PKCS#11 token of SoftHSM2, as the test plugin uses them. The token lies in a folder
// of its own, so that what is there after a kill is there for the next process.
#ifndef LETHE_TESTS_SERVER_KMS_TOKEN_KEYS_H_
#define LETHE_TESTS_SERVER_KMS_TOKEN_KEYS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace lethe::test {

// Thread-safe. One at a time in a process: SoftHSM reads its configuration once. What must work in
// a test plugin is checked and stops the process.
class TokenKeys {
 public:
  // Why there can be none here; empty if there can.
  static std::string WhyNot();

  // Makes the token in `dir` if there is none.
  explicit TokenKeys(const std::string& dir);
  ~TokenKeys();
  TokenKeys(const TokenKeys&) = delete;
  TokenKeys& operator=(const TokenKeys&) = delete;

  void Make(const std::string& label);
  // C_DestroyObject; false: no such key.
  bool Destroy(const std::string& label);
  // In no order.
  std::vector<std::string> Labels();

  // AES-GCM: nonce 12, ciphertext, tag 16. nullopt: no such key, or it did not open.
  std::optional<std::string> Seal(const std::string& label, Bytes plaintext);
  std::optional<std::string> Open(const std::string& label, Bytes sealed);

 private:
  struct Module;
  std::unique_ptr<Module> module_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_KMS_TOKEN_KEYS_H_
