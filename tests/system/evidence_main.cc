// lethe_evidence FOLDER…: the last test of a run. The folders have every vault that the run's
// servers worked on, their logs, what they and the tools answered, and ctest's own logs. The mark
// that every personal value of the tests carries must be nowhere: not in a file, not in a file's
// name, in no disguise (needles.h).
//
// Exit: 0 nothing found, 1 found, or there was nothing to search, 2 wrong use.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/canary.h"
#include "tests/system/needles.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

// A search that would not find the mark in this very folder finds nothing in it either.
bool FindsWhatIsPlanted(const std::string& folder, const std::vector<std::string>& needles) {
  const std::string name = folder + "/planted-" + kCanary;
  std::ofstream(name) << kCanary;
  const auto found = SearchFolder(folder, needles).finds;
  fs::remove(name);
  return std::ranges::count(found, name, &Find::file) == 2;  // The name and the content.
}

// Whether it was searched and nothing was found.
bool IsClean(const std::string& folder) {
  if (!fs::is_directory(folder)) {
    std::printf("%s: nothing to search, no test of this run kept anything\n", folder.c_str());
    return false;
  }
  const auto needles = Disguises(kCanary);
  const SearchResult found = SearchFolder(folder, needles);
  for (const Find& find : found.finds) {
    std::printf("PERSONAL DATA in %s at %llu\n", find.file.c_str(),
                static_cast<unsigned long long>(find.offset));
  }
  const bool awake = FindsWhatIsPlanted(folder, needles);
  std::printf("%s: %lld files, %lld bytes, %zu finds; a planted mark was %s\n", folder.c_str(),
              static_cast<long long>(found.files), static_cast<long long>(found.bytes),
              found.finds.size(), awake ? "found" : "NOT FOUND");
  return found.finds.empty() && found.files > 0 && awake;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: lethe_evidence FOLDER...\n", stderr);
    return 2;
  }
  bool clean = true;
  for (int i = 1; i < argc; ++i) clean = lethe::test::IsClean(argv[i]) && clean;
  return clean ? 0 : 1;
}
