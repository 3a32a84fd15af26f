// Tells the thread sanitizer what absl's mutexes order. Debian's libabsl_synchronization is built
// without it, so every lock of ours would be invisible and every guarded access a false report.
//
// The functions here stand before the library's own (the executable's symbols win), call those, and
// say what happened: an unlock releases, a lock acquires. Each mutex has two addresses for that, so
// that two readers stay unordered to each other and a race between readers is still seen. Linked
// into test executables of sanitizer builds only.
#include <dlfcn.h>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void __tsan_acquire(void* address);  // NOLINT(bugprone-reserved-identifier)
void __tsan_release(void* address);  // NOLINT(bugprone-reserved-identifier)
}

namespace {

// The mutex this thread is inside a call of: conditions are evaluated in there, with the mutex held
// in truth though not yet in the sanitizer's eyes.
thread_local const void* inside = nullptr;

class Inside {
 public:
  explicit Inside(const void* mutex) : before_(inside) { inside = mutex; }
  ~Inside() { inside = before_; }

 private:
  const void* const before_;
};

void* Writers(const void* mutex) { return const_cast<void*>(mutex); }
void* Readers(const void* mutex) { return static_cast<char*>(Writers(mutex)) + 1; }

void Locked(const void* mutex) {
  __tsan_acquire(Writers(mutex));
  __tsan_acquire(Readers(mutex));
}
void ReaderLocked(const void* mutex) { __tsan_acquire(Writers(mutex)); }
void Unlocking(const void* mutex) { __tsan_release(Writers(mutex)); }
void ReaderUnlocking(const void* mutex) { __tsan_release(Readers(mutex)); }

// The library's function of this name.
template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

#define REAL(name, ...) static auto* const real = Real<__VA_ARGS__>("_ZN4absl7debian3" name)
#define REAL_CONST(name, ...) static auto* const real = Real<__VA_ARGS__>("_ZNK4absl7debian3" name)

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  REAL("5Mutex4LockEv", void(Mutex*));
  {
    const Inside here(this);
    real(this);
  }
  Locked(this);
}

void Mutex::Unlock() {
  REAL("5Mutex6UnlockEv", void(Mutex*));
  const Inside here(this);
  Unlocking(this);
  real(this);
}

bool Mutex::TryLock() {
  REAL("5Mutex7TryLockEv", bool(Mutex*));
  const bool locked = real(this);
  if (locked) Locked(this);
  return locked;
}

void Mutex::ReaderLock() {
  REAL("5Mutex10ReaderLockEv", void(Mutex*));
  {
    const Inside here(this);
    real(this);
  }
  ReaderLocked(this);
}

void Mutex::ReaderUnlock() {
  REAL("5Mutex12ReaderUnlockEv", void(Mutex*));
  const Inside here(this);
  ReaderUnlocking(this);
  real(this);
}

void Mutex::Await(const Condition& condition) {
  REAL("5Mutex5AwaitERKNS0_9ConditionE", void(Mutex*, const Condition&));
  const Inside here(this);
  Unlocking(this);
  real(this, condition);
  Locked(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  REAL("5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE",
       bool(Mutex*, const Condition&, Duration));
  const Inside here(this);
  Unlocking(this);
  const bool holds = real(this, condition, timeout);
  Locked(this);
  return holds;
}

void Mutex::LockWhen(const Condition& condition) {
  REAL("5Mutex8LockWhenERKNS0_9ConditionE", void(Mutex*, const Condition&));
  const Inside here(this);
  real(this, condition);
  Locked(this);
}

void CondVar::Wait(Mutex* mutex) {
  REAL("7CondVar4WaitEPNS0_5MutexE", void(CondVar*, Mutex*));
  const Inside here(mutex);
  Unlocking(mutex);
  real(this, mutex);
  Locked(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  REAL("7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE", bool(CondVar*, Mutex*, Duration));
  const Inside here(mutex);
  Unlocking(mutex);
  const bool timed_out = real(this, mutex, timeout);
  Locked(mutex);
  return timed_out;
}

bool Condition::Eval() const {
  REAL_CONST("9Condition4EvalEv", bool(const Condition*));
  const void* const mutex = inside;
  if (mutex != nullptr) Locked(mutex);
  const bool holds = real(this);
  if (mutex != nullptr) ReaderUnlocking(mutex);
  return holds;
}

void Notification::Notify() {
  REAL("12Notification6NotifyEv", void(Notification*));
  Unlocking(this);
  real(this);
}

void Notification::WaitForNotification() const {
  REAL_CONST("12Notification19WaitForNotificationEv", void(const Notification*));
  real(this);
  Locked(this);
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  REAL_CONST("12Notification30WaitForNotificationWithTimeoutENS0_8DurationE",
             bool(const Notification*, Duration));
  const bool notified = real(this, timeout);
  if (notified) Locked(this);
  return notified;
}

ABSL_NAMESPACE_END
}  // namespace absl
