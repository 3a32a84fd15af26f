// How the heap treats memory that is free: glibc's defaults keep what a flood of large messages
// took.
#ifndef LETHE_BASE_MEMORY_HEAP_H_
#define LETHE_BASE_MEMORY_HEAP_H_

namespace lethe {

// From now on large pieces are mappings of their own, which go back to the system when they are
// freed, and threads have heaps of their own, as far as 64 (eight for each processor, if that is
// more) go round. To be called before any thread.
void PrepareHeap();

// Gives the system what is free in the heaps of all threads. Milliseconds, in which every
// allocation waits.
void GiveBackFreeMemory();

}  // namespace lethe

#endif  // LETHE_BASE_MEMORY_HEAP_H_
