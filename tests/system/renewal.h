// A Renewal keeps a server in certificates of an authority of its own, new ones whenever it is
// told.
#ifndef LETHE_TESTS_SYSTEM_RENEWAL_H_
#define LETHE_TESTS_SYSTEM_RENEWAL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/dev_ca.h"
#include "tests/system/server_process.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {

class Renewal {
 public:
  // Puts the first certificate into the vault's folder; server and clients believe both authorities
  // from then on.
  static absl::StatusOr<std::unique_ptr<Renewal>> Begin(const VaultFolder& folder);

  // Of a server that shall be kept in them.
  std::vector<std::string> flags() const;
  // Puts the next certificate and its key in place; nobody is told.
  absl::Status Renew();
  // Until a new connection meets the newest certificate. DEADLINE_EXCEEDED; ABORTED: the server
  // ended.
  absl::Status WaitUntilMet(const ServerProcess& server, absl::Duration limit) const;

 private:
  Renewal(const VaultFolder& folder, crypto::DevCa ca) : folder_(folder), ca_(std::move(ca)) {}

  const VaultFolder& folder_;
  const crypto::DevCa ca_;
  std::string serial_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_RENEWAL_H_
