// Documents that no reader of the house may take, whatever the file is for: each is a sound one
// with one thing wrong. What they have as values may stand in no message.
#ifndef LETHE_TESTS_SUPPORT_HOSTILE_YAML_H_
#define LETHE_TESTS_SUPPORT_HOSTILE_YAML_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/reason.h"
#include "gtest/gtest.h"

namespace lethe::test {

inline constexpr char kHostileValue[] = "zq7value";

struct HostileYaml {
  std::string text;
  std::string rule;  // What its refusal must name.
};

// `sound`: a map in block style of which the first line is a whole entry.
inline std::vector<HostileYaml> HostileYamls(const std::string& sound) {
  const std::string value = kHostileValue;
  const std::string first_line = sound.substr(0, sound.find('\n') + 1);
  const std::string deep(33, '[');
  return {
      {sound + "---\n" + sound, "yaml"},
      {sound + "...\n" + sound, "yaml"},
      {sound + "---\n", "yaml"},
      {sound + first_line, "duplicate_key"},
      {sound + "x: [{a: {b: 1, b: " + value + "}}]\n", "duplicate_key"},
      {sound + "x: {\"b\": 1, 'b': 2}\n", "duplicate_key"},
      {sound + "x: &" + value + " " + value + "\n", "no_anchor"},
      {sound + "&" + value + " x: y\n", "no_anchor"},
      {sound + "x: *" + value + "\n", "no_alias"},
      {sound + "<<: {a: b}\n", "no_merge_key"},
      {sound + "x: !!str " + value + "\n", "no_tag"},
      {sound + "x: !" + value + " {a: b}\n", "no_tag"},
      {sound + "x: ! " + value + "\n", "no_tag"},
      {sound + "x: " + deep + "\n", "depth"},
      {sound + "x: " + value + "\xff\n", "utf8"},
      {sound + "# \xc0\xaf\n", "utf8"},
      {sound + "x: " + value + std::string(1, '\0') + "\n", "no_control"},
      {sound + "x: \"" + value + "\\0\"\n", "no_control"},
      {sound + "\x04\nx: y\n", "no_control"},  // yaml-cpp's own sign for the end of a file.
      {sound + "x: y\rz: y\n", "no_control"},
      {sound + "x: '" + value + "\n", "yaml"},
      {sound + "x: \"\\q" + value + "\"\n", "yaml"},
      {sound + "? [" + value + "]\n: y\n", "key"},
      {"- " + value + "\n", "kind"},
      {value + "\n", "kind"},
  };
}

// `read` gives the status of one reader for a text.
template <typename Read>
void ExpectHostileYamlIsRefused(const std::string& sound, const Read& read) {
  const absl::Status control = read(sound);
  ASSERT_TRUE(control.ok()) << control;
  for (const HostileYaml& hostile : HostileYamls(sound)) {
    const absl::Status status = read(hostile.text);
    EXPECT_EQ(ReasonOf(status), Reason::kFieldInvalid) << hostile.text;
    EXPECT_EQ(RuleOf(status), hostile.rule) << hostile.text << status;
    EXPECT_EQ(std::string(status.message()).find(kHostileValue), std::string::npos) << status;
  }
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_HOSTILE_YAML_H_
