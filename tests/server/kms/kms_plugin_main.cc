// The test plugin as a process of its own, to be killed by tests and told what to do:
//
//   lethe_kms_plugin SOCKET TOKEN_DIR
//
// Prints "ready KEY" once it serves. Each line of standard input is an order, answered with one
// line:
//   rotate          a new key seals from now on        -> its name
//   destroy KEY     C_DestroyObject                    -> destroyed | unknown
//   keys            those that are there               -> KEY …
//   version TEXT    what Status says                   -> done
//   health TEXT     what Status says                   -> done
//   hold | release  no answers | answers again         -> done
// Ends at the end of standard input. Exit: 0, 2 wrong use, 77 no SoftHSM2 here.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "tests/server/kms/kms_plugin.h"

namespace lethe::test {
namespace {

constexpr int kWrongUse = 2;
constexpr int kSkipped = 77;

struct StatusWords {
  std::string version = "v2";
  std::string health = "ok";
};

void Say(KmsPlugin& plugin, const StatusWords& words) {
  plugin.SetSpoil({.status = [words](v2::StatusResponse& answer) {
    answer.set_version(words.version);
    answer.set_healthz(words.health);
  }});
}

std::string Names(TokenKeys& keys) {
  std::vector<std::string> labels = keys.Labels();
  std::sort(labels.begin(), labels.end());
  std::string text;
  for (const std::string& label : labels) text += (text.empty() ? "" : " ") + label;
  return text;
}

std::string Obey(const std::string& line, KmsPlugin& plugin, TokenKeys& keys, StatusWords& words) {
  std::istringstream text(line);
  std::string order;
  std::string argument;
  text >> order >> argument;
  if (order == "rotate") return plugin.Rotate();
  if (order == "destroy") return plugin.Destroy(argument) ? "destroyed" : "unknown";
  if (order == "keys") return Names(keys);
  if (order == "hold") return plugin.Hold(), "done";
  if (order == "release") return plugin.Release(), "done";
  if (order != "version" && order != "health") return "no such order";
  (order == "version" ? words.version : words.health) = argument;
  Say(plugin, words);
  return "done";
}

int Main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: lethe_kms_plugin SOCKET TOKEN_DIR\n", stderr);
    return kWrongUse;
  }
  if (const std::string why_not = TokenKeys::WhyNot(); !why_not.empty()) {
    std::fprintf(stderr, "skipped: %s\n", why_not.c_str());
    return kSkipped;
  }
  TokenKeys keys(argv[2]);
  KmsPlugin plugin(keys, argv[1]);
  StatusWords words;
  std::cout << "ready " << Names(keys) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << Obey(line, plugin, keys, words) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) { return lethe::test::Main(argc, argv); }
