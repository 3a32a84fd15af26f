// What a process that holds keys asks of the kernel and of glibc before it reads the first one.
#ifndef LETHE_BASE_MEMORY_PROCESS_HARDENING_H_
#define LETHE_BASE_MEMORY_PROCESS_HARDENING_H_

#include <string_view>
#include <vector>

namespace lethe {

// No core dumps, no ptrace by processes of the same user (PR_SET_DUMPABLE 0), and freed heap memory
// overwritten, since libraries (gRPC, RocksDB) leave plaintext in what they free.
//
// Returns what could not be had, as literals for the log; empty if all is set. To be called first
// thing in main, before any thread.
//
// glibc does not overwrite chunks up to 1,032 bytes while they rest in its per-thread cache, and
// where functions of libraries are bound when they are first called, the vector registers, in which
// a memcpy may have left plaintext, are saved on the stack of whoever calls. Where the environment
// leaves it at that (RestartHardened), the result says so.
std::vector<std::string_view> HardenProcess();

// Only the environment of a new program can change those two. Where it does not, this starts the
// program anew, with the same words, in the same process, and does not return; it returns where the
// environment is as it should be or the kernel refuses. To be called before HardenProcess.
void RestartHardened(char* const* argv);

}  // namespace lethe

#endif  // LETHE_BASE_MEMORY_PROCESS_HARDENING_H_
