#include "tests/system/memory_search.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "absl/strings/str_format.h"

namespace lethe::test {
namespace {

constexpr std::size_t kAroundBytes = 64;

std::uint64_t FirstEight(const char* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::uint16_t FirstTwo(const char* at) {
  std::uint16_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::string Printable(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out) {
    if (std::isprint(static_cast<unsigned char>(c)) == 0) c = '.';
  }
  return out;
}

}  // namespace

void SecretTexts::Add(std::string name, std::string_view text) {
  for (std::size_t at = 0; at + kPieceBytes <= text.size(); at += kPieceBytes) {
    const std::string piece(text.substr(at, kPieceBytes));
    starts_[FirstTwo(piece.data())] = true;
    pieces_.emplace(FirstEight(piece.data()),
                    std::make_pair(absl::StrFormat("%s+%d", name, at), piece));
  }
}

void SecretTexts::FindIn(std::string_view memory, std::uint64_t address, const std::string& mapping,
                         std::vector<MemoryFind>& finds) const {
  if (memory.size() < kPieceBytes) return;
  for (std::size_t at = 0; at + kPieceBytes <= memory.size(); ++at) {
    if (!starts_[FirstTwo(memory.data() + at)]) continue;
    const auto [begin, end] = pieces_.equal_range(FirstEight(memory.data() + at));
    for (auto it = begin; it != end; ++it) {
      if (memory.substr(at, kPieceBytes) != it->second.second) continue;
      const std::size_t from = at - std::min(at, kAroundBytes);
      finds.push_back({it->second.first, address + at, mapping,
                       Printable(memory.substr(from, at - from + kAroundBytes))});
    }
  }
}

absl::StatusOr<std::vector<MemoryFind>> SearchMemory(pid_t pid, const SecretTexts& texts) {
  const std::string folder = absl::StrFormat("/proc/%d/", pid);
  const int mem = open((folder + "mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (mem < 0) return absl::PermissionDeniedError("the process's memory cannot be read");
  std::vector<MemoryFind> finds;
  std::string memory;
  std::ifstream maps(folder + "maps");
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char readable = '-';
    int name = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %c%*s %*s %*s %*s%n", &begin, &end,
                    &readable, &name) != 3 ||
        readable != 'r') {
      continue;
    }
    memory.resize(end - begin);
    const ssize_t got = pread(mem, memory.data(), memory.size(), static_cast<off_t>(begin));
    if (got <= 0) continue;  // Of the kernel's own: vvar, secret memory.
    const std::size_t label = line.find_first_not_of(' ', static_cast<std::size_t>(name));
    texts.FindIn(std::string_view(memory).substr(0, static_cast<std::size_t>(got)), begin,
                 label == std::string::npos ? "" : line.substr(label), finds);
  }
  close(mem);
  return finds;
}

std::string ToText(const std::vector<MemoryFind>& finds, std::size_t max) {
  std::string text = absl::StrFormat("%d pieces\n", finds.size());
  std::size_t lines = 0;
  for (std::size_t i = 0; i < finds.size() && lines < max; ++lines) {
    std::size_t end = i + 1;
    while (end < finds.size() &&
           finds[end].address == finds[end - 1].address + SecretTexts::kPieceBytes) {
      ++end;
    }
    text += absl::StrFormat("%s … %s at %#x %s: %s\n", finds[i].what, finds[end - 1].what,
                            finds[i].address, finds[i].mapping, finds[i].around);
    i = end;
  }
  return text;
}

}  // namespace lethe::test
