// What a change of a file changes, seen from outside: whoever watches one reads it again only then.
#ifndef LETHE_BASE_FILE_STAMP_H_
#define LETHE_BASE_FILE_STAMP_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace lethe {

struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = -1;       // Bytes; -1: it cannot be looked at.
  std::int64_t changed_ns = 0;  // Unix time.

  // Of what stands at `path`, through links: a folder above it swapped shows too. Needs no
  // descriptor.
  static FileStamp Of(const std::string& path);
  bool there() const { return size >= 0; }
  // A file that is younger when it is looked at may change once more without another stamp.
  static constexpr absl::Duration kGrain = absl::Seconds(2);
  bool IsSettled(absl::Time now) const { return now - changed() > kGrain; }
  absl::Time changed() const { return absl::FromUnixNanos(changed_ns); }
  bool operator==(const FileStamp& other) const = default;
};

}  // namespace lethe

#endif  // LETHE_BASE_FILE_STAMP_H_
