// A RocksCopy is a checkpoint: a folder beside the database, "<database>-copy-<number>", whose
// files are links to the database's own and so cost no room until the database drops them. It goes
// away with the copy.
#ifndef LETHE_STORAGE_ROCKS_COPY_H_
#define LETHE_STORAGE_ROCKS_COPY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/env.h"
#include "storage/engine_copy.h"
#include "storage/rocks_database.h"

namespace lethe::storage {

class RocksCopy final : public EngineCopy {
 public:
  // `number` is never used again while the database is open.
  static absl::StatusOr<std::unique_ptr<EngineCopy>> Take(const RocksDatabase& database,
                                                          std::uint64_t number);
  ~RocksCopy() override;

  std::vector<std::string> Names() const override { return names_; }
  absl::StatusOr<std::unique_ptr<Content>> Open(const std::string& name) const override;

  // Removes what a killed process left of the copies of the database in the folder `path`, which
  // nobody else has open.
  static void RemoveLeftovers(rocksdb::Env& env, const std::string& path);

 private:
  RocksCopy(rocksdb::Env& env, std::string folder) : env_(env), folder_(std::move(folder)) {}

  rocksdb::Env& env_;
  const std::string folder_;
  std::vector<std::string> names_;
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_COPY_H_
