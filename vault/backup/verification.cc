#include "vault/backup/verification.h"

#include <set>
#include <string>

#include "base/codec.h"

namespace lethe::vault::backup {
namespace {

constexpr std::size_t kPieceBytes = 1u << 20;  // One request of the reader's.

}  // namespace

absl::Status Verdict::ToStatus() const {
  if (whole()) return absl::OkStatus();
  const absl::Status first = Damaged(bad.front().file, bad.front().fault);
  if (bad.size() == 1) return first;
  return absl::DataLossError(std::string(first.message()) + ", and " +
                             std::to_string(bad.size() - 1) + " more of its files are damaged");
}

crypto::Digest LooksOf(const Manifest& manifest, const std::function<Look(const File&)>& look_at) {
  crypto::Sha256Stream hash;
  for (const File& file : manifest.files) {
    const Look look = look_at(file);
    hash.Add(ByteWriter().Raw(file.sha256).U64(look.size_bytes).I64(look.modified_ns).str());
  }
  return hash.Finish();
}

Verdict Verification::Check(const Manifest& manifest) {
  Verdict verdict;
  for (const File& file : manifest.files) {
    const Key key{file.sha256, file.size_bytes};
    if (!found_.contains(key)) found_.emplace(key, ReadBack(file));
    const Fault fault = found_.at(key).fault;
    if (fault != Fault::kNone) verdict.bad.push_back({file, fault});
  }
  verdict.looks = LooksOf(manifest, [this](const File& file) {
    return found_.at({file.sha256, file.size_bytes}).look;
  });
  return verdict;
}

Verification::Found Verification::ReadBack(const File& file) {
  const std::string path = store_.PathOf(file.sha256);
  // Looked at first: what is written while it is read looks different afterwards.
  Found found{.look = LookAt(path).value_or(Look{})};
  ContentReader reader(path, file);
  while (true) {
    const auto piece = reader.Read(kPieceBytes);
    if (!piece.ok() || piece->empty()) break;
    progress_(bytes_read_ += piece->size());
  }
  found.fault = reader.fault();
  return found;
}

void Verification::Forget(const crypto::Digest& content) {
  std::erase_if(found_, [&](const auto& each) { return each.first.first == content; });
}

std::uint64_t Verification::BytesToRead(std::span<const Manifest* const> manifests) const {
  std::set<Key> keys;
  std::uint64_t bytes = 0;
  for (const Manifest* manifest : manifests) {
    for (const File& file : manifest->files) {
      const Key key{file.sha256, file.size_bytes};
      if (!found_.contains(key) && keys.insert(key).second) bytes += file.size_bytes;
    }
  }
  return bytes;
}

}  // namespace lethe::vault::backup
