// A whole archive of three segments on a damaged disk. It never gives out a frame that was not
// written, nor one without those before it, and what cannot be told from a torn end is cut off.
//
//   input = U8 n, n * (U8 segment, U16 offset, U8 xor), U8 segment, bytes appended to that one
#include "vault/archive/archive.h"

#include <map>

#include "tests/fuzz/fuzz_target.h"
#include "tests/vault/archive/memory_folder.h"
#include "vault/archive/archive.h"

namespace lethe::fuzz {
namespace {

using vault::archive::Frame;

constexpr std::uint64_t kFrames = 8;
constexpr std::uint64_t kSegmentBytes = 600;  // Three frames of those below.

std::string BatchOf(std::uint64_t sequence) { return std::string(40 + sequence, 'b'); }

std::map<std::string, std::string> MakeImage() {
  const auto disk = std::make_shared<test::FolderDisk>();
  test::MemoryFolder folder(disk);
  LETHE_CHECK(vault::archive::Archive::Create(folder, kVault).ok());
  auto archive = vault::archive::Archive::Open(std::make_unique<test::MemoryFolder>(disk), kVault,
                                               kSegmentBytes);
  for (std::uint64_t sequence = 1; sequence <= kFrames; ++sequence) {
    LETHE_CHECK((*archive)->Append({sequence, sequence, BatchOf(sequence)}).ok());
    LETHE_CHECK((*archive)->Sync().ok());
  }
  return disk->Image();
}

std::shared_ptr<test::FolderDisk> DamagedDisk(ByteReader& in) {
  static const auto* const image = new std::map<std::string, std::string>(MakeImage());
  LETHE_CHECK(image->size() >= 3);
  const auto file_at = [&](std::uint8_t n) { return std::next(image->begin(), n % image->size()); };
  auto disk = std::make_shared<test::FolderDisk>();
  for (const auto& [name, bytes] : *image) disk->files[name].bytes = bytes;
  for (int left = in.U8(); left > 0 && in.ok(); --left) {
    std::string& bytes = disk->files[file_at(in.U8())->first].bytes;
    const std::size_t offset = in.U16() % bytes.size();
    bytes[offset] = static_cast<char>(bytes[offset] ^ in.U8());
  }
  disk->files[file_at(in.U8())->first].bytes.append(AsText(in.Raw(in.remaining())));
  return disk;
}

}  // namespace

LETHE_FUZZ_TARGET(archive) {
  ByteReader in(input);
  const auto disk = DamagedDisk(in);
  const auto opened = vault::archive::Archive::Open(std::make_unique<test::MemoryFolder>(disk),
                                                    kVault, kSegmentBytes);
  if (!opened.ok()) return Refused(opened.status());
  std::uint64_t seen = 0;
  const absl::Status replayed = (*opened)->Replay(0, [&](const Frame& frame) {
    LETHE_CHECK(frame.first_sequence == ++seen && frame.last_sequence == seen);
    LETHE_CHECK(frame.batch == BatchOf(seen));
    return absl::OkStatus();
  });
  if (!replayed.ok()) return Refused(replayed);
  LETHE_CHECK(seen == (*opened)->last_sequence() && seen <= kFrames);
  // It goes on behind what is left.
  LETHE_CHECK((*opened)->Append({seen + 1, seen + 1, BatchOf(seen + 1)}).ok());
  return seen == kFrames;
}

}  // namespace lethe::fuzz
