#include "base/memory/heap.h"

#include <malloc.h>

namespace lethe {
namespace {

// Left to itself glibc raises this to the size of the largest piece ever freed, up to 32 MiB: after
// one message of 4 MiB all others would come from the threads' heaps, where one small piece behind
// them holds them.
constexpr int kMappedFrom = 256 << 10;

}  // namespace

void MapLargePieces() { mallopt(M_MMAP_THRESHOLD, kMappedFrom); }

void GiveBackFreeMemory() { malloc_trim(0); }

}  // namespace lethe
