#include "vault/model/json_check.h"

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/bytes.h"
#include "base/reason.h"
#include "nlohmann/json.hpp"
#include "vault/model/limits.h"

static_assert(lethe::vault::limits::kJsonDepthMax == 64, "a sentence below says so");

namespace lethe::vault {
namespace {

constexpr std::string_view kNumberRange = "number_range";

// What the parser throws, or tells of, where a number does not fit ("out_of_range.406").
constexpr int kNumberOverflow = 406;

std::string_view SentenceOf(std::string_view rule) {
  if (rule == "json_object") return "the body is JSON, but not one object";
  if (rule == "json_depth") return "the body is nested more than 64 deep";
  if (rule == "json_duplicate_key") return "the body has a key twice in one object";
  if (rule == kNumberRange) {
    return "the body has a number beyond the range of IEEE 754 binary64; send it as a string";
  }
  return "the body is not JSON in UTF-8";
}

// Follows the parser's events without building anything.
class JsonRules final : public nlohmann::json_sax<nlohmann::json> {
 public:
  ~JsonRules() override {
    for (auto& keys : keys_) Forget(keys);
  }

  std::string_view broken_rule() const { return broken_rule_; }

  bool null() override { return Value(); }
  bool boolean(bool) override { return Value(); }
  bool number_integer(number_integer_t) override { return Value(); }
  bool number_unsigned(number_unsigned_t) override { return Value(); }
  bool number_float(number_float_t, const string_t&) override { return Value(); }
  bool string(string_t&) override { return Value(); }
  bool binary(binary_t&) override { return Value(); }

  bool start_object(std::size_t) override { return Open(); }
  bool end_object() override {
    Forget(keys_.back());
    keys_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override { return keys_.empty() ? Value() : Open(); }
  bool end_array() override {
    keys_.pop_back();
    return true;
  }
  bool key(string_t& key) override {
    return keys_.back().insert(key).second || Break("json_duplicate_key");
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    return Break(error.id == kNumberOverflow ? kNumberRange : "json");
  }

 private:
  using Keys = absl::flat_hash_set<std::string>;

  // Keys may be personal data too.
  static void Forget(Keys& keys) {
    for (const std::string& key : keys) Wipe(const_cast<std::string&>(key));
  }
  bool Break(std::string_view rule) {
    if (broken_rule_.empty()) broken_rule_ = rule;
    return false;
  }
  // A value that is no container; at the top only an object may stand.
  bool Value() { return !keys_.empty() || Break("json_object"); }
  bool Open() {
    if (keys_.size() >= limits::kJsonDepthMax) return Break("json_depth");
    keys_.emplace_back();
    return true;
  }

  std::vector<Keys> keys_;  // One a level that is open; empty sets for arrays.
  std::string_view broken_rule_;
};

}  // namespace

absl::Status CheckJsonObject(std::string_view text) {
  JsonRules rules;
  if (nlohmann::json::sax_parse(text, &rules)) return absl::OkStatus();
  return Refuse(Reason::kFieldInvalid, SentenceOf(rules.broken_rule()), "record.data",
                rules.broken_rule());
}

}  // namespace lethe::vault
