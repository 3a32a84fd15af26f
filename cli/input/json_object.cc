#include "cli/input/json_object.h"

#include <nlohmann/json.hpp>
#include <tuple>

#include "base/status_macros.h"

namespace lethe::cli {
namespace {

// Walks over JSON that is known to be well-formed, so that it need not look inside.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  // Skips blanks, then one character if it is `c`.
  bool Take(char c) {
    SkipBlanks();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  std::string_view TakeValue() {
    SkipBlanks();
    const std::size_t start = position_;
    int depth = 0;
    do {
      if (text_[position_] == '"') {
        SkipString();
      } else {
        depth += IsOneOf(text_[position_], "{[") ? 1 : IsOneOf(text_[position_], "}]") ? -1 : 0;
        ++position_;
        if (depth == 0) SkipBareWord(start);
      }
    } while (depth > 0);
    return text_.substr(start, position_ - start);
  }

 private:
  static bool IsOneOf(char c, std::string_view set) { return set.find(c) != set.npos; }

  void SkipBlanks() {
    while (position_ < text_.size() && IsOneOf(text_[position_], " \t\r\n")) ++position_;
  }

  void SkipString() {
    for (++position_; text_[position_] != '"'; ++position_) {
      if (text_[position_] == '\\') ++position_;
    }
    ++position_;
  }

  // The rest of a number, true, false or null.
  void SkipBareWord(std::size_t start) {
    if (IsOneOf(text_[start], "{[")) return;
    while (position_ < text_.size() && !IsOneOf(text_[position_], ",]} \t\r\n")) ++position_;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

// What the parser throws where a number does not fit ("out_of_range.406").
constexpr int kNumberOverflow = 406;

absl::Status CheckJson(std::string_view text) {
  if (nlohmann::json::accept(text.begin(), text.end())) return absl::OkStatus();
  try {
    std::ignore = nlohmann::json::parse(text.begin(), text.end());
  } catch (const nlohmann::json::out_of_range& error) {
    if (error.id == kNumberOverflow) {
      return absl::InvalidArgumentError(
          "has a number beyond the range of IEEE 754 binary64; write it as a string");
    }
  } catch (const nlohmann::json::exception&) {  // Its text may quote what stands there.
  }
  return absl::InvalidArgumentError("is not JSON in UTF-8");
}

}  // namespace

absl::StatusOr<JsonMembers> MembersOf(std::string_view text) {
  Cursor cursor(text);
  LETHE_TRY(CheckJson(text));
  if (!cursor.Take('{')) return absl::InvalidArgumentError("must be one JSON object");
  JsonMembers members;
  if (cursor.Take('}')) return members;
  do {
    const auto key = StringOf(cursor.TakeValue());
    if (!key.ok()) return key.status();
    cursor.Take(':');
    if (!members.emplace(*key, cursor.TakeValue()).second) {
      return absl::InvalidArgumentError("has a key twice");
    }
  } while (cursor.Take(','));
  return members;
}

absl::StatusOr<std::vector<std::string_view>> ElementsOf(std::string_view text) {
  Cursor cursor(text);
  LETHE_TRY(CheckJson(text));
  if (!cursor.Take('[')) return absl::InvalidArgumentError("must be a JSON array");
  std::vector<std::string_view> elements;
  if (cursor.Take(']')) return elements;
  do {
    elements.push_back(cursor.TakeValue());
  } while (cursor.Take(','));
  return elements;
}

absl::StatusOr<std::string> StringOf(std::string_view json) {
  const auto value = nlohmann::json::parse(json.begin(), json.end(), nullptr,
                                           /*allow_exceptions=*/false);
  if (!value.is_string()) return absl::InvalidArgumentError("not a JSON string");
  return value.get<std::string>();
}

}  // namespace lethe::cli
