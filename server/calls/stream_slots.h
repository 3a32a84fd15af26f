// How many streams may be open at once. A stream holds a slot from its first message to its last,
// so that the pool that runs their steps never has more than one step of each to queue.
#ifndef LETHE_SERVER_CALLS_STREAM_SLOTS_H_
#define LETHE_SERVER_CALLS_STREAM_SLOTS_H_

#include <atomic>

namespace lethe::server {

// Thread-safe.
class StreamSlots {
 public:
  explicit StreamSlots(int max) : free_(max) {}

  // Takes a slot and gives it back when it dies.
  class Slot {
   public:
    explicit Slot(StreamSlots& slots) : slots_(slots), taken_(slots.Take()) {}
    ~Slot() { Release(); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

    // False: there was none left.
    bool taken() const { return taken_; }

    // Gives it back early: whoever is told that a stream ended may open the next one at once.
    void Release() {
      if (taken_) ++slots_.free_;
      taken_ = false;
    }

   private:
    StreamSlots& slots_;
    bool taken_;
  };

 private:
  bool Take() {
    if (--free_ >= 0) return true;
    ++free_;
    return false;
  }

  std::atomic<int> free_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_STREAM_SLOTS_H_
