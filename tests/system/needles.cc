#include "tests/system/needles.h"

#include <algorithm>
#include <filesystem>

#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kForUrls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string Hex(std::string_view text, std::string_view digits) {
  std::string hex;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

// The characters of base64 that depend on `text` alone when `before` bytes of a group of three
// stand in front of it, whatever follows.
std::string Base64Core(std::string_view text, std::size_t before, std::string_view alphabet) {
  const std::string padded = std::string(before, '\0') + std::string(text);
  std::string encoded;
  for (std::size_t bit = 0; bit + 6 <= padded.size() * 8; bit += 6) {
    const auto byte = static_cast<unsigned char>(padded[bit / 8]);
    const auto next =
        static_cast<unsigned char>(bit / 8 + 1 < padded.size() ? padded[bit / 8 + 1] : '\0');
    const unsigned pair = (static_cast<unsigned>(byte) << 8) | next;
    encoded += alphabet[(pair >> (10 - bit % 8)) & 63];
  }
  // The first characters hold bits of what stands before.
  return encoded.substr((before * 8 + 5) / 6);
}

std::string Utf16(std::string_view text, bool big_endian) {
  std::string wide;
  for (const char c : text) {
    if (big_endian) wide += '\0';
    wide += c;
    if (!big_endian) wide += '\0';
  }
  return wide;
}

void SearchText(const std::string& text, const std::string& file,
                const std::vector<std::string>& needles, SearchResult& result) {
  for (const std::string& needle : needles) {
    const auto at = std::search(text.begin(), text.end(),
                                std::boyer_moore_horspool_searcher(needle.begin(), needle.end()));
    if (at != text.end()) {
      result.finds.push_back({file, static_cast<std::uint64_t>(at - text.begin())});
    }
  }
}

}  // namespace

std::vector<std::string> Disguises(std::string_view text) {
  std::vector<std::string> all = {std::string(text), Hex(text, "0123456789abcdef"),
                                  Hex(text, "0123456789ABCDEF"), Utf16(text, false),
                                  Utf16(text, true)};
  for (std::size_t before = 0; before < 3; ++before) {
    all.push_back(Base64Core(text, before, kPlain));
    all.push_back(Base64Core(text, before, kForUrls));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

SearchResult SearchFolder(const std::string& folder, const std::vector<std::string>& needles) {
  SearchResult result;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    SearchText(entry.path().filename().string(), path, needles, result);
    if (!entry.is_regular_file()) continue;
    const std::string text = ReadFile(path);
    ++result.files;
    result.bytes += static_cast<std::int64_t>(text.size());
    SearchText(text, path, needles, result);
  }
  return result;
}

}  // namespace lethe::test
