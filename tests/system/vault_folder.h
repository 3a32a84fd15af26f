// A VaultFolder is a vault of one test's own, made by the real `lethe init`, with everything a
// server and its clients need. Removed at the end, unless LETHE_EVIDENCE_DIR in the environment
// names a folder to make it in: what is there is searched at the end of the run (evidence_main.cc).
#ifndef LETHE_TESTS_SYSTEM_VAULT_FOLDER_H_
#define LETHE_TESTS_SYSTEM_VAULT_FOLDER_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/system/client.h"

namespace lethe::test {

// The tenant of the load, and the categories of its policy; another tenant, to be kept out.
inline constexpr char kTenant[] = "acme";
inline constexpr char kForeignTenant[] = "umbra";
inline constexpr char kAccount[] = "account";  // Kept while no contract end is known.
inline constexpr char kSupport[] = "support";  // Kept three years from creation.
inline constexpr char kBilling[] = "billing";  // Kept ten years by law, with kCustomerNumber.
inline constexpr char kCustomerNumber[] = "customer_number";
inline constexpr char kEmail[] = "email";

class VaultFolder {
 public:
  static absl::StatusOr<VaultFolder> Make();
  // The same within `parent`.
  static absl::StatusOr<VaultFolder> MakeIn(const std::string& parent);
  VaultFolder(VaultFolder&& other) noexcept;
  VaultFolder& operator=(VaultFolder&&) = delete;
  ~VaultFolder();

  const std::string& root() const { return root_; }
  std::string data() const { return root_ + "/vault"; }  // With holder and archive in it.
  std::string logs() const { return root_ + "/logs"; }   // Of servers, tools, refusals.
  std::string config() const { return root_ + "/lethed.yaml"; }
  std::string port_file() const { return root_ + "/port"; }
  // Of a client of that tenant.
  Credentials CredentialsOf(const std::string& tenant) const;

 private:
  explicit VaultFolder(std::string root) : root_(std::move(root)) {}
  std::string root_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_VAULT_FOLDER_H_
