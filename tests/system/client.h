// A Client speaks to one server over mutual TLS, in the words of the tests. Whatever a call is
// refused with goes into a transcript, which is searched for personal data at the end.
#ifndef LETHE_TESTS_SYSTEM_CLIENT_H_
#define LETHE_TESTS_SYSTEM_CLIENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "tests/system/answer.h"
#include "tests/system/transcript.h"

namespace lethe::test {

struct Credentials {
  std::string ca;  // PEM files.
  std::string cert;
  std::string key;
};

struct Identifier {
  std::string type;
  std::string value;
  friend bool operator==(const Identifier&, const Identifier&) = default;
  friend bool operator<(const Identifier& a, const Identifier& b) {
    return std::tie(a.type, a.value) < std::tie(b.type, b.value);
  }
};

struct SubjectView {
  std::string name;
  bool partially_erased = false;
  bool erased = false;
  bool restricted = false;
};

struct RecordView {
  std::string name;
  std::string category;
  std::string data;
  std::uint32_t version = 0;
};

struct ImportLine {
  std::string subject;                  // A subject's name, or
  std::vector<Identifier> identifiers;  // those of one perhaps not yet known.
  std::string category;
  std::string data;
  std::string request_id;
};
// By the index of the line: why it failed. What is not in it was imported.
using ImportFailures = std::map<std::size_t, CallError>;

struct ErasureView {
  std::string name;
  std::string receipt;  // The statement that was signed.
  std::int64_t records_shredded = 0;
  bool withheld = false;
};

// A document or an import that arrives piece by piece.
class DocumentStream {
 public:
  virtual ~DocumentStream() = default;
  // The next bytes; nullopt at the end, whatever it was.
  virtual std::optional<std::string> Next() = 0;
  // After the end: OK only if the trailer came and counted every byte.
  virtual CallError Finish() = 0;
};

enum class DocumentKind { kReport, kExport };

// Thread-safe.
class Client {
 public:
  // Every call has this deadline: far above what any takes, far below what stalls a run.
  static constexpr absl::Duration kCallLimit = absl::Seconds(20);

  // `tenant`: "acme". The connection is made when first needed.
  Client(const std::string& address, const Credentials& credentials, std::string tenant,
         Transcript& transcript);
  ~Client();

  // Until the server serves, or `limit` is over: UNAVAILABLE.
  absl::Status WaitUntilServing(absl::Duration limit) const;
  // Until naming by identifier works.
  absl::Status WaitUntilIdentifiersLoaded(absl::Duration limit) const;

  Answer<std::string> CreateSubject(const std::vector<Identifier>& identifiers,
                                    const std::string& request_id) const;
  Answer<SubjectView> GetSubject(const std::string& name, const std::string& purpose) const;
  Answer<std::string> Lookup(const Identifier& identifier, const std::string& purpose) const;
  Answer<Nothing> AddIdentifier(const std::string& subject, const Identifier& identifier,
                                const std::string& request_id) const;
  Answer<Nothing> RemoveIdentifier(const std::string& subject, const Identifier& identifier,
                                   const std::string& request_id) const;

  Answer<std::string> CreateRecord(const std::string& subject, const std::string& category,
                                   const std::string& data, const std::string& request_id) const;
  Answer<RecordView> GetRecord(const std::string& name, const std::string& purpose) const;
  // Every page. `page_size` 0: the server's.
  Answer<std::vector<RecordView>> ListRecords(const std::string& subject,
                                              const std::string& purpose, int page_size = 0) const;
  Answer<Nothing> UpdateRecord(const std::string& name, const std::string& data,
                               const std::string& request_id) const;
  Answer<Nothing> DeleteRecord(const std::string& name, const std::string& request_id) const;
  // One chunk.
  Answer<ImportFailures> Import(const std::vector<ImportLine>& lines) const;

  // At the person's own request, so that a restriction does not stop it.
  Answer<ErasureView> Erase(const std::string& subject, const std::string& request_id) const;
  Answer<ErasureView> GetErasure(const std::string& name) const;
  Answer<Nothing> Restrict(const std::string& subject, const std::string& request_id) const;
  Answer<Nothing> Unrestrict(const std::string& subject, const std::string& request_id) const;
  Answer<std::string> Document(DocumentKind kind, const std::string& subject) const;
  std::unique_ptr<DocumentStream> OpenDocument(DocumentKind kind, const std::string& subject) const;

  // What GetStatus says, as JSON.
  Answer<std::string> Status() const;

 private:
  struct Stubs;
  std::string Parent() const { return "tenants/" + tenant_; }

  std::unique_ptr<Stubs> stubs_;
  std::string tenant_;
};

// What the policy of these tests lets a purpose see (vault_folder.h).
inline constexpr char kService[] = "service";
inline constexpr char kTax[] = "tax";  // Serves the legal obligation of category "billing".

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_CLIENT_H_
