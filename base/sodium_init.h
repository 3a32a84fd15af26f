// libsodium picks its implementations once per process; nothing of it may run before that.
#ifndef LETHE_BASE_SODIUM_INIT_H_
#define LETHE_BASE_SODIUM_INIT_H_

namespace lethe {

// Initialises libsodium on the first call. Thread-safe; the process stops if it cannot.
void EnsureSodium();

}  // namespace lethe

#endif  // LETHE_BASE_SODIUM_INIT_H_
