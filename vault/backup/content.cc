#include "vault/backup/content.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/enum_names.h"

namespace lethe::vault::backup {
namespace {

constexpr EnumName<Fault> kNames[] = {
    {Fault::kNone, "NONE"},
    {Fault::kMissing, "MISSING"},
    {Fault::kUnreadable, "UNREADABLE"},
    {Fault::kOtherSize, "OTHER_SIZE"},
    {Fault::kOtherBytes, "OTHER_BYTES"},
};

constexpr EnumName<Fault> kWords[] = {
    {Fault::kMissing, "is missing"},
    {Fault::kUnreadable, "cannot be read"},
    {Fault::kOtherSize, "has another size than was backed up"},
    {Fault::kOtherBytes, "holds other bytes than were backed up"},
};

}  // namespace

std::string_view NameOf(Fault fault) { return FindName<Fault>(kNames, fault); }

absl::Status Damaged(const File& file, Fault fault) {
  return absl::DataLossError("the backup's file " + file.name + " (" + ToHex(file.sha256) + ") " +
                             std::string(FindName<Fault>(kWords, fault)));
}

absl::StatusOr<Look> LookAt(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return absl::NotFoundError("no such content");
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return Look{static_cast<std::uint64_t>(info.st_size),
              info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec};
}

ContentReader::ContentReader(const std::string& path, File file) : file_(std::move(file)) {
  // Whatever is no regular file is as good as none: reading it might never end.
  const auto look = LookAt(path);
  if (!look.ok()) {
    fault_ = Fault::kMissing;
    return;
  }
  if (look->size_bytes != file_.size_bytes) {
    fault_ = Fault::kOtherSize;
    return;
  }
  auto reader = DirectReader::Open(path);
  if (reader.ok()) {
    reader_.emplace(*std::move(reader));
  } else {
    fault_ = Fault::kUnreadable;
  }
}

absl::StatusOr<std::string> ContentReader::Read(std::size_t bytes_max) {
  // Most files are small: no more memory is filled than they have bytes, and one to see the end.
  std::string piece(std::min<std::uint64_t>(bytes_max, file_.size_bytes - at_ + 1), '\0');
  if (fault_ == Fault::kNone) {
    const auto got = reader_->Read(at_, AsMutableBytes(piece));
    piece.resize(got.value_or(0));
    fault_ = got.ok() ? Take(piece) : Fault::kUnreadable;
  }
  if (fault_ != Fault::kNone) return Damaged(file_, fault_);
  return piece;
}

Fault ContentReader::Take(const std::string& piece) {
  hash_.Add(piece);
  at_ += piece.size();
  const bool ends = piece.empty();
  if (at_ > file_.size_bytes || (ends && at_ < file_.size_bytes)) return Fault::kOtherSize;
  if (ends && hash_.Finish() != file_.sha256) return Fault::kOtherBytes;
  return Fault::kNone;
}

}  // namespace lethe::vault::backup
