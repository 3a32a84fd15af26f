// A FailStop remembers that something went wrong which only a restart can judge: a failed write, or
// a flush or compaction that RocksDB failed to finish in the background. Thread-safe.
#ifndef LETHE_STORAGE_ROCKS_FAIL_STOP_H_
#define LETHE_STORAGE_ROCKS_FAIL_STOP_H_

#include <atomic>

#include "absl/status/status.h"
#include "base/reason.h"
#include "rocksdb/listener.h"

namespace lethe::storage {

class FailStop final : public rocksdb::EventListener {
 public:
  void Fail() { failed_.store(true, std::memory_order_release); }

  // INTERNAL once anything failed.
  absl::Status Check() const {
    if (!failed_.load(std::memory_order_acquire)) return absl::OkStatus();
    return Refuse(Reason::kInternal, "storage stopped after a failed write; restart decides");
  }

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override { Fail(); }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  std::atomic<bool> failed_{false};
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_FAIL_STOP_H_
