// A PKCS#11 module: the vendor's library, loaded into this process and initialized once.
#ifndef LETHE_VAULT_HOLDERS_PKCS11_MODULE_H_
#define LETHE_VAULT_HOLDERS_PKCS11_MODULE_H_

#include <memory>
#include <string>

#include <p11-kit/pkcs11.h>

#include "absl/status/statusor.h"

namespace lethe::vault::holders::pkcs11 {

// Thread-safe as far as the library is; it is asked to lock for itself. Never unloaded: libraries
// of HSMs keep threads and exit handlers of their own.
class Module {
 public:
  // The same Module for the same path. UNAVAILABLE (kHolderUnreachable): it cannot be loaded, or
  // does not start.
  static absl::StatusOr<std::shared_ptr<Module>> Load(const std::string& path);

  const CK_FUNCTION_LIST* operator->() const { return functions_; }
  // "SoftHSM", as the library calls its maker, without the padding.
  std::string Manufacturer() const;

 private:
  explicit Module(const CK_FUNCTION_LIST* functions) : functions_(functions) {}
  const CK_FUNCTION_LIST* functions_;
};

}  // namespace lethe::vault::holders::pkcs11

#endif  // LETHE_VAULT_HOLDERS_PKCS11_MODULE_H_
