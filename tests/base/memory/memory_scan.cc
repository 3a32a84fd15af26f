#include "tests/base/memory/memory_scan.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace lethe {
namespace {

constexpr std::uint8_t kMask = 0x5a;
// Larger regions are a sanitizer's shadow; no heap or stack of ours comes near.
constexpr std::uint64_t kRegionBytesMax = 512u << 20;

bool RegionHolds(int mem, std::uint64_t begin, std::uint64_t end, const Needle& needle) {
  static constexpr std::uint64_t kChunk = 1u << 20;
  std::string chunk(kChunk + needle.size() - 1, '\0');
  bool found = false;
  for (std::uint64_t at = begin; at < end && !found; at += kChunk) {
    const std::uint64_t want = std::min<std::uint64_t>(chunk.size(), end - at);
    const ssize_t got = pread(mem, chunk.data(), want, static_cast<off_t>(at));
    if (got > 0) found = Holds(AsBytes(chunk).first(static_cast<std::size_t>(got)), needle);
    Wipe(chunk);  // Else the next region read might be this copy.
  }
  return found;
}

}  // namespace

Needle NeedleFor(Bytes key) {
  Needle needle;
  for (std::size_t i = 0; i < key.size(); ++i) needle[i] = key[i] ^ kMask;
  return needle;
}

bool Holds(Bytes memory, const Needle& needle) {
  const std::uint8_t first = needle[0] ^ kMask;
  while (memory.size() >= needle.size()) {
    const std::size_t starts = memory.size() - needle.size() + 1;
    const void* hit = std::memchr(memory.data(), first, starts);
    if (hit == nullptr) return false;
    memory = memory.subspan(
        static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - memory.data()));
    std::size_t same = 1;
    while (same < needle.size() && (memory[same] ^ kMask) == needle[same]) ++same;
    if (same == needle.size()) return true;
    memory = memory.subspan(1);
  }
  return false;
}

namespace {

struct Region {
  std::uint64_t begin;
  std::uint64_t end;
  bool secret;  // Of memfd_secret.
};

std::vector<Region> ReadableRegions() {
  std::vector<Region> regions;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char readable = '-';
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %c", &begin, &end, &readable) != 3 ||
        readable != 'r' || end - begin > kRegionBytesMax) {
      continue;
    }
    regions.push_back({begin, end, line.find("secretmem") != std::string::npos});
  }
  return regions;
}

}  // namespace

bool VisibleInProcessMemory(const Needle& needle) {
  const int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  EXPECT_GE(mem, 0);
  bool found = false;
  for (const Region& region : ReadableRegions()) {
    found = found || RegionHolds(mem, region.begin, region.end, needle);
  }
  close(mem);
  return found;
}

bool HeldByProcess(const Needle& needle) {
  if (VisibleInProcessMemory(needle)) return true;
  for (const Region& region : ReadableRegions()) {
    if (!region.secret) continue;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(region.begin);
    if (Holds(Bytes(begin, region.end - region.begin), needle)) return true;
  }
  return false;
}

}  // namespace lethe
