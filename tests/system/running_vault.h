// A RunningVault is a vault of one test's own, the real server on it, and a client of its tenant.
#ifndef LETHE_TESTS_SYSTEM_RUNNING_VAULT_H_
#define LETHE_TESTS_SYSTEM_RUNNING_VAULT_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/support/totals.h"
#include "tests/system/client.h"
#include "tests/system/server_process.h"
#include "tests/system/transcript.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {

// For the thread that made it; the client is thread-safe.
class RunningVault {
 public:
  // Makes the folder; no server yet.
  static absl::StatusOr<std::unique_ptr<RunningVault>> Make();
  static absl::StatusOr<std::unique_ptr<RunningVault>> MakeIn(const std::string& parent);

  // Starts the server, and returns when it answers in every way there is.
  absl::Status Up(const ServerOptions& options = {});
  // The same for a server that was launched before.
  absl::Status Greet();
  // Ends the client's connection: one that nobody reads from keeps a stopping server waiting for
  // seconds. Until the next greeting there is no client.
  void HangUp() { client_.reset(); }

  // Ends the server and searches every file for what the load was made of; tells what it finds, and
  // a server that died by itself.
  void EndAndSearch(Totals& totals);

  VaultFolder& folder() { return folder_; }
  ServerProcess& server() { return server_; }
  const Client& client() const { return *client_; }
  Transcript& transcript() { return transcript_; }

 private:
  explicit RunningVault(VaultFolder folder);

  VaultFolder folder_;
  Transcript transcript_;
  ServerProcess server_;
  std::unique_ptr<Client> client_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_RUNNING_VAULT_H_
