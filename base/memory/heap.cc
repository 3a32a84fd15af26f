#include "base/memory/heap.h"

#include <malloc.h>

#include <algorithm>
#include <thread>

namespace lethe {
namespace {

// Left to itself glibc raises this to the size of the largest piece ever freed, up to 32 MiB: after
// one message of 4 MiB all others would come from the threads' heaps, where one small piece behind
// them holds them.
constexpr int kMappedFrom = 256 << 10;

// glibc's limit is eight for each processor, so that with two of them several threads share a heap
// and its lock. The lock is held while a piece is overwritten (M_PERTURB): who writes the journal
// would wait for whoever reads megabytes from a connection.
constexpr int kHeapsMin = 64;
constexpr int kHeapsOfAProcessor = 8;

}  // namespace

void PrepareHeap() {
  mallopt(M_MMAP_THRESHOLD, kMappedFrom);
  const int processors = static_cast<int>(std::thread::hardware_concurrency());
  mallopt(M_ARENA_MAX, std::max(kHeapsMin, kHeapsOfAProcessor * processors));
}

void GiveBackFreeMemory() { malloc_trim(0); }

}  // namespace lethe
