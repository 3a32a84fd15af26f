#include "tests/vault/backup/store_fault.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "crypto/hash.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void FlipABit(const std::string& path, std::uint64_t number) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const std::uint64_t bit = number % (8 * fs::file_size(path));
  file.seekg(static_cast<std::streamoff>(bit / 8));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(bit / 8));
  file.put(static_cast<char>(byte ^ (1 << (bit % 8))));
  LETHE_CHECK(file.good());
}

}  // namespace

const char* NameOf(StoreFault fault) {
  switch (fault) {
    case StoreFault::kFlip:
      return "one bit flipped";
    case StoreFault::kTouch:
      return "one bit written";
    case StoreFault::kCut:
      return "cut short";
    case StoreFault::kEmpty:
      return "emptied";
    case StoreFault::kRemove:
      return "removed";
  }
  return "?";
}

void Inflict(StoreFault fault, const std::string& path, std::uint64_t number) {
  const fs::file_time_type time = fs::last_write_time(path);
  switch (fault) {
    case StoreFault::kFlip:
      FlipABit(path, number);
      fs::last_write_time(path, time);
      return;
    case StoreFault::kTouch:
      FlipABit(path, number);
      // Whatever the file system's clock is: a write moves the time.
      fs::last_write_time(path, time + std::chrono::seconds(1));
      return;
    case StoreFault::kCut:
      fs::resize_file(path, number % fs::file_size(path));
      fs::last_write_time(path, time);
      return;
    case StoreFault::kEmpty:
      fs::resize_file(path, 0);
      fs::last_write_time(path, time);
      return;
    case StoreFault::kRemove:
      fs::remove(path);
      return;
  }
}

bool IsWhole(const vault::backup::BackupStore& store, const vault::backup::Manifest& manifest) {
  for (const vault::backup::File& file : manifest.files) {
    const std::string bytes = BytesOf(store.PathOf(file.sha256));
    if (bytes.size() != file.size_bytes || crypto::Sha256(AsBytes(bytes)) != file.sha256) {
      return false;
    }
  }
  return true;
}

}  // namespace lethe::test
