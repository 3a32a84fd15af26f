// Ctrl-C. A call under way is cancelled, so that its command can say what was done; anything else
// ends at once with 130, and so does a second Ctrl-C.
#ifndef LETHE_CLI_CONNECT_INTERRUPT_H_
#define LETHE_CLI_CONNECT_INTERRUPT_H_

#include <functional>

namespace lethe::cli {

class Interrupt {
 public:
  // First thing in main: the signals are taken from every thread made later and given to one that
  // waits for them.
  static void Install();
  static bool Raised();

  // While it lives, the first interrupt calls `cancel` (from another thread) instead of ending the
  // process. Scopes do not nest.
  class Scope {
   public:
    explicit Scope(std::function<void()> cancel);
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope();
  };

 private:
  static void Watch();
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_CONNECT_INTERRUPT_H_
