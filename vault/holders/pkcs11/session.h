// A logged-in session with the token of a given label.
#ifndef LETHE_VAULT_HOLDERS_PKCS11_SESSION_H_
#define LETHE_VAULT_HOLDERS_PKCS11_SESSION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "vault/holders/pkcs11/module.h"
#include "vault/model/holder_spec.h"

namespace lethe::vault::holders::pkcs11 {

// Not thread-safe.
class Session {
 public:
  // UNAVAILABLE (kHolderUnreachable): no such module or token, or it does not let us in.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const TokenSpec& spec);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Module& module() const { return *module_; }
  CK_SESSION_HANDLE handle() const { return handle_; }
  CK_SLOT_ID slot() const { return slot_; }
  // Does the token still answer?
  bool Alive() const;

 private:
  Session(std::shared_ptr<Module> module, CK_SLOT_ID slot, CK_SESSION_HANDLE handle)
      : module_(std::move(module)), slot_(slot), handle_(handle) {}

  const std::shared_ptr<Module> module_;
  const CK_SLOT_ID slot_;
  const CK_SESSION_HANDLE handle_;
};

}  // namespace lethe::vault::holders::pkcs11

#endif  // LETHE_VAULT_HOLDERS_PKCS11_SESSION_H_
