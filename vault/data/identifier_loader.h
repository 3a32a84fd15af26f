// Fills the identifier table at start: a scan over all subjects, in several threads, beside the
// calls that name subjects by their tag and need no table.
#ifndef LETHE_VAULT_DATA_IDENTIFIER_LOADER_H_
#define LETHE_VAULT_DATA_IDENTIFIER_LOADER_H_

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "storage/engine.h"
#include "vault/memory/identifier_table.h"
#include "vault/memory/subject_locks.h"
#include "vault/records/identifier_store.h"
#include "vault/records/subject_store.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::data {

class IdentifierLoader {
 public:
  struct Parts {
    const storage::Engine& engine;
    const tenants::Tenants& tenants;
    const records::SubjectStore& subjects;
    const records::IdentifierStore& identifiers;
    memory::SubjectLocks& locks;
    memory::IdentifierTable& table;
    std::function<bool(const SubjectTag&)> is_erasing;
  };

  explicit IdentifierLoader(const Parts& parts) : parts_(parts) {}
  // Stops and waits.
  ~IdentifierLoader();

  // Starts `threads` threads; the last to end marks the table complete.
  void Start(int threads);
  // The same in the caller's thread.
  void Run();

 private:
  // Loads the subjects whose tag begins with bytes that no other thread has taken.
  void Work();
  absl::Status LoadRange(const std::string& prefix);
  absl::Status LoadSubject(const std::string& row_key);

  static constexpr int kRanges = 256;  // By the first byte of the subject's tag.

  Parts parts_;
  std::atomic<int> next_range_{0};
  std::atomic<int> ranges_done_{0};
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace lethe::vault::data

#endif  // LETHE_VAULT_DATA_IDENTIFIER_LOADER_H_
