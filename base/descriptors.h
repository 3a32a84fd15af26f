// File descriptors: how many this process may have, and whether enough of them are free for an act
// that must not meet the end of the table halfway.
#ifndef LETHE_BASE_DESCRIPTORS_H_
#define LETHE_BASE_DESCRIPTORS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe {

// Raises RLIMIT_NOFILE to its hard limit, and gives the limit in force. A hard limit beyond a
// million (some container runtimes set a thousand times that) counts as a million.
int RaiseDescriptorLimit();
int DescriptorLimit();

// How many are open. INTERNAL where even this cannot be found out.
absl::StatusOr<int> CountDescriptors();

// Whether the error of a system call is that no descriptor was left: of the process (EMFILE) or of
// the machine (ENFILE).
bool IsDescriptorShortage(int error);

// RESOURCE_EXHAUSTED (kDescriptorReserve), what such a call is answered with.
absl::Status DescriptorShortage();

// DescriptorShortage unless this process may open `count` more. Takes none meanwhile but one for an
// instant, and a few microseconds.
absl::Status CheckDescriptors(int count);

}  // namespace lethe

#endif  // LETHE_BASE_DESCRIPTORS_H_
