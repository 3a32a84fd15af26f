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

const std::uint8_t* FirstIn(Bytes memory, const Needle& needle) {
  const std::uint8_t first = needle[0] ^ kMask;
  while (memory.size() >= needle.size()) {
    const std::size_t starts = memory.size() - needle.size() + 1;
    const auto* hit = static_cast<const std::uint8_t*>(std::memchr(memory.data(), first, starts));
    if (hit == nullptr) return nullptr;
    memory = memory.subspan(static_cast<std::size_t>(hit - memory.data()));
    std::size_t same = 1;
    while (same < needle.size() && (memory[same] ^ kMask) == needle[same]) ++same;
    if (same == needle.size()) return hit;
    memory = memory.subspan(1);
  }
  return nullptr;
}

int CopiesIn(Bytes memory, const Needle& needle) {
  int copies = 0;
  while (const std::uint8_t* hit = FirstIn(memory, needle)) {
    ++copies;
    memory = memory.subspan(static_cast<std::size_t>(hit - memory.data()) + 1);
  }
  return copies;
}

int CopiesInRegion(int mem, std::uint64_t begin, std::uint64_t end, const Needle& needle) {
  static constexpr std::uint64_t kChunk = 1u << 20;
  // Chunks overlap by less than a needle, so that none is counted twice.
  std::string chunk(kChunk + needle.size() - 1, '\0');
  int copies = 0;
  for (std::uint64_t at = begin; at < end; at += kChunk) {
    const std::uint64_t want = std::min<std::uint64_t>(chunk.size(), end - at);
    const ssize_t got = pread(mem, chunk.data(), want, static_cast<off_t>(at));
    if (got > 0) copies += CopiesIn(AsBytes(chunk).first(static_cast<std::size_t>(got)), needle);
    Wipe(chunk);  // Else the next region read might be this copy.
  }
  return copies;
}

}  // namespace

Needle NeedleFor(Bytes key) {
  Needle needle;
  for (std::size_t i = 0; i < key.size(); ++i) needle[i] = key[i] ^ kMask;
  return needle;
}

bool Holds(Bytes memory, const Needle& needle) { return FirstIn(memory, needle) != nullptr; }

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

int CopiesInProcessMemory(const Needle& needle) {
  const int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  EXPECT_GE(mem, 0);
  int copies = 0;
  for (const Region& region : ReadableRegions()) {
    copies += CopiesInRegion(mem, region.begin, region.end, needle);
  }
  close(mem);
  return copies;
}

bool VisibleInProcessMemory(const Needle& needle) { return CopiesInProcessMemory(needle) > 0; }

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
