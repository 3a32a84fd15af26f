#include "cli/init/holder_option.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

constexpr std::string_view kTokenScheme = "pkcs11:";
constexpr const char* kKeys[] = {"module", "token", "pin-file", "slots"};

using Members = std::map<std::string, std::string>;

bool IsKey(const std::string& name) {
  for (const char* key : kKeys) {
    if (name == key) return true;
  }
  return false;
}

// "a=b;c=d". A value holds no semicolon.
absl::StatusOr<Members> ParseMembers(std::string_view text) {
  Members members;
  while (!text.empty()) {
    const std::string_view member = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(member.size() + 1, text.size()));
    const std::size_t equals = member.find('=');
    const std::string name(member.substr(0, equals));
    if (equals == std::string_view::npos || !IsKey(name)) {
      return Usage(
          absl::StrFormat("--holder pkcs11: '%s' is none of module=, token=, pin-file=, "
                          "slots=",
                          name));
    }
    if (!members.emplace(name, member.substr(equals + 1)).second) {
      return Usage(absl::StrFormat("--holder pkcs11: %s= is there twice", name));
    }
  }
  for (const char* key : kKeys) {
    if (members[key].empty()) return Usage(absl::StrFormat("--holder pkcs11: %s= is missing", key));
  }
  return members;
}

}  // namespace

absl::StatusOr<vault::HolderSpec> ParseHolder(const std::string& text) {
  if (!text.starts_with(kTokenScheme)) return vault::HolderSpec(Absolute(text));
  LETHE_ASSIGN(const Members members,
               ParseMembers(std::string_view(text).substr(kTokenScheme.size())));
  return vault::HolderSpec(Absolute(members.at("slots")),
                           vault::TokenSpec{.module = Absolute(members.at("module")),
                                            .token = members.at("token"),
                                            .pin_file = Absolute(members.at("pin-file"))});
}

absl::StatusOr<std::vector<vault::HolderSpec>> ParseHolders(const std::vector<std::string>& texts) {
  std::vector<vault::HolderSpec> holders;
  for (const std::string& text : texts) {
    LETHE_ASSIGN(vault::HolderSpec holder, ParseHolder(text));
    holders.push_back(std::move(holder));
  }
  return holders;
}

std::string HolderText(const vault::HolderSpec& holder) {
  if (!holder.token.has_value()) return holder.slots;
  return absl::StrFormat("%s, sealed by the token %s", holder.slots, holder.token->token);
}

std::string Absolute(const std::string& path) {
  const auto absolute = std::filesystem::absolute(path).lexically_normal();
  return absolute.has_filename() ? absolute.string() : absolute.parent_path().string();
}

}  // namespace lethe::cli
