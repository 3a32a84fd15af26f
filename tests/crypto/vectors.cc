#include "tests/crypto/vectors.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace lethe::crypto {
namespace {

std::optional<std::ifstream> OpenVectors(const std::string& name) {
  std::ifstream file(std::string(LETHE_VECTORS_DIR) + "/" + name);
  if (!file) return std::nullopt;
  return file;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  ADD_FAILURE() << "not a hexadecimal digit in a vector file";
  return 0;
}

GcmCase GcmCaseFrom(const nlohmann::json& test) {
  const auto field = [&test](const char* name) {
    return FromHex(test.at(name).get<std::string>());
  };
  GcmCase one{"wycheproof " + std::to_string(test.at("tcId").get<int>()),
              field("key"),
              field("iv"),
              field("aad"),
              field("ct"),
              field("tag"),
              std::nullopt};
  if (test.at("result") == "valid") one.plaintext = field("msg");
  return one;
}

// The fields of one CAVP case, from "Count = n" to the empty line.
GcmCase CavpCaseFrom(std::map<std::string, std::string>& fields, bool must_fail) {
  GcmCase one{"cavp " + fields["Count"] + " of " + fields["group"],
              FromHex(fields["Key"]),
              FromHex(fields["IV"]),
              FromHex(fields["AAD"]),
              FromHex(fields["CT"]),
              FromHex(fields["Tag"]),
              std::nullopt};
  if (!must_fail) one.plaintext = FromHex(fields["PT"]);
  return one;
}

// "Name = value" (the value may be empty) into `fields`.
void ReadField(const std::string& line, std::map<std::string, std::string>& fields) {
  const std::size_t sign = line.find(" =");
  if (sign == std::string::npos) return;
  fields[line.substr(0, sign)] = sign + 3 <= line.size() ? line.substr(sign + 3) : "";
}

std::string FromBase64(const std::string& base64) {
  std::string bytes(base64.size(), '\0');
  std::size_t size = 0;
  EXPECT_EQ(
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), base64.data(),
                        base64.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL),
      0);
  bytes.resize(size);
  return bytes;
}

MerkleCase MerkleCaseFrom(const std::filesystem::path& file) {
  std::ifstream in(file);
  const nlohmann::json test = nlohmann::json::parse(in);
  MerkleCase one{.id = file.parent_path().filename().string() + "/" + file.stem().string(),
                 .index = test.at("leafIdx").get<std::uint64_t>(),
                 .size = test.at("treeSize").get<std::uint64_t>(),
                 .root = FromBase64(test.value("root", "")),
                 .leaf = FromBase64(test.value("leafHash", "")),
                 .path = {},
                 .valid = !test.at("wantErr").get<bool>()};
  for (const auto& node : test.at("proof")) {
    one.path.push_back(FromBase64(node.is_null() ? "" : node.get<std::string>()));
  }
  return one;
}

}  // namespace

std::string FromHex(std::string_view hex) {
  EXPECT_EQ(hex.size() % 2, 0u);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(HexValue(hex[i]) << 4 | HexValue(hex[i + 1])));
  }
  return bytes;
}

std::optional<std::vector<GcmCase>> WycheproofGcm() {
  auto file = OpenVectors("wycheproof/aes_gcm_test.json");
  if (!file.has_value()) return std::nullopt;
  std::vector<GcmCase> cases;
  const nlohmann::json root = nlohmann::json::parse(*file);
  for (const auto& group : root.at("testGroups")) {
    if (group.at("keySize") != 256 || group.at("ivSize") != 96 || group.at("tagSize") != 128) {
      continue;
    }
    for (const auto& test : group.at("tests")) cases.push_back(GcmCaseFrom(test));
  }
  return cases;
}

std::optional<std::vector<GcmCase>> CavpGcm() {
  auto file = OpenVectors("cavp/gcm/gcmDecrypt256.rsp");
  if (!file.has_value()) return std::nullopt;
  std::vector<GcmCase> cases;
  std::map<std::string, std::string> group;
  std::map<std::string, std::string> fields;
  bool must_fail = false;
  std::string line;
  const auto finish_case = [&] {
    if (fields.contains("Count") && group["[IVlen"] == "96]" && group["[Taglen"] == "128]") {
      fields["group"] = group["[PTlen"] + group["[AADlen"];
      cases.push_back(CavpCaseFrom(fields, must_fail));
    }
    fields.clear();
    must_fail = false;
  };
  while (std::getline(*file, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) finish_case();
    if (line == "FAIL") must_fail = true;
    ReadField(line, line.starts_with('[') ? group : fields);
  }
  finish_case();
  return cases;
}

std::optional<std::vector<SignatureCase>> WycheproofEd25519() {
  auto file = OpenVectors("wycheproof/ed25519_test.json");
  if (!file.has_value()) return std::nullopt;
  std::vector<SignatureCase> cases;
  const nlohmann::json root = nlohmann::json::parse(*file);
  for (const auto& group : root.at("testGroups")) {
    const std::string key = FromHex(group.at("publicKey").at("pk").get<std::string>());
    for (const auto& test : group.at("tests")) {
      cases.push_back({"wycheproof " + std::to_string(test.at("tcId").get<int>()), key,
                       FromHex(test.at("msg").get<std::string>()),
                       FromHex(test.at("sig").get<std::string>()), test.at("result") == "valid"});
    }
  }
  return cases;
}

std::optional<std::vector<MerkleCase>> MerkleInclusion() {
  const std::filesystem::path folder =
      std::filesystem::path(LETHE_VECTORS_DIR) / "merkle/rfc6962-proofs/testdata/inclusion";
  if (!std::filesystem::exists(folder)) return std::nullopt;
  std::vector<MerkleCase> cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") cases.push_back(MerkleCaseFrom(entry.path()));
  }
  return cases;
}

}  // namespace lethe::crypto
