#include "base/memory/heap.h"

#include <malloc.h>

namespace lethe {
namespace {

// Left to itself glibc raises this to the size of the largest piece ever freed, up to 32 MiB: after
// one message of 4 MiB all others would come from the threads' heaps, where one small piece behind
// them holds them.
constexpr int kMappedFrom = 256 << 10;

// glibc's limit is eight for each processor, so that with two of them several threads share a heap
// and its lock. The lock is held while a piece is overwritten (M_PERTURB): who writes the journal
// would wait for whoever reads megabytes from a connection.
constexpr int kHeapsMax = 64;

}  // namespace

void PrepareHeap() {
  mallopt(M_MMAP_THRESHOLD, kMappedFrom);
  mallopt(M_ARENA_MAX, kHeapsMax);
}

void GiveBackFreeMemory() { malloc_trim(0); }

}  // namespace lethe
