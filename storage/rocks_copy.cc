#include "storage/rocks_copy.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/private_file.h"
#include "base/status_macros.h"
#include "rocksdb/utilities/checkpoint.h"
#include "storage/rocks_engine.h"
#include "storage/rocks_status.h"

namespace lethe::storage {
namespace {

namespace fs = std::filesystem;

constexpr char kCopyMark[] = "-copy-";

// Through RocksDB's own view of the files, so that whoever stands beneath it sees all that is done.
class FileContent final : public EngineCopy::Content {
 public:
  explicit FileContent(std::unique_ptr<rocksdb::SequentialFile> file) : file_(std::move(file)) {}

  absl::StatusOr<std::string> Read(std::size_t bytes_max) override {
    std::string buffer(bytes_max, '\0');
    rocksdb::Slice piece;
    LETHE_TRY(FromRocks(file_->Read(bytes_max, &piece, buffer.data())));
    return piece.ToString();
  }

 private:
  const std::unique_ptr<rocksdb::SequentialFile> file_;
};

// What cannot be removed costs room and nothing else; the next open tries again.
void RemoveFolder(rocksdb::Env& env, const std::string& folder) {
  std::vector<std::string> names;
  if (!env.GetChildren(folder, &names).ok()) return;
  for (const std::string& name : names) env.DeleteFile(folder + "/" + name);
  env.DeleteDir(folder);
}

}  // namespace

absl::StatusOr<std::unique_ptr<EngineCopy>> RocksCopy::Take(const RocksDatabase& database,
                                                            std::uint64_t number) {
  const std::string folder = database.path() + kCopyMark + std::to_string(number);
  rocksdb::Checkpoint* made = nullptr;
  LETHE_TRY(FromRocks(rocksdb::Checkpoint::Create(&database.db(), &made)));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  LETHE_TRY(FromRocks(checkpoint->CreateCheckpoint(folder)));
  std::unique_ptr<RocksCopy> copy(new RocksCopy(database.env(), folder));
  LETHE_TRY(FromRocks(database.env().GetChildren(folder, &copy->names_)));
  // Some file systems list a folder itself and the one above it too.
  std::erase_if(copy->names_, [](const std::string& name) { return name.starts_with('.'); });
  std::ranges::sort(copy->names_);
  return copy;
}

RocksCopy::~RocksCopy() { RemoveFolder(env_, folder_); }

absl::StatusOr<std::unique_ptr<EngineCopy::Content>> RocksCopy::Open(
    const std::string& name) const {
  std::unique_ptr<rocksdb::SequentialFile> file;
  LETHE_TRY(FromRocks(env_.NewSequentialFile(folder_ + "/" + name, &file, rocksdb::EnvOptions())));
  return std::make_unique<FileContent>(std::move(file));
}

void RocksCopy::RemoveLeftovers(rocksdb::Env& env, const std::string& path) {
  const fs::path database = fs::absolute(path).lexically_normal();
  const std::string parent = database.parent_path().string();
  std::vector<std::string> names;
  if (!env.GetChildren(parent, &names).ok()) return;
  const std::string beginning = database.filename().string() + kCopyMark;
  for (const std::string& name : names) {
    if (name.starts_with(beginning)) RemoveFolder(env, parent + "/" + name);
  }
}

absl::Status RestoreRocksEngine(const RocksSpec& spec, const EngineCopy& copy) {
  std::error_code error;
  if (fs::exists(spec.path, error)) {
    return absl::AlreadyExistsError("the folder of the database exists");
  }
  LETHE_TRY(MakePrivateFolder(spec.path));
  for (const std::string& name : copy.Names()) {
    LETHE_ASSIGN(PrivateFile file, PrivateFile::Create(spec.path + "/" + name));
    LETHE_TRY(
        ReadContent(copy, name, [&file](std::string_view piece) { return file.Append(piece); }));
    LETHE_TRY(file.Finish());
  }
  return absl::OkStatus();
}

}  // namespace lethe::storage
