#include "server/tls/certificate_keeper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace lethe::server {
namespace {

namespace tls = grpc::experimental;

// How often gRPC looks at the files in memory; it has no smaller step.
constexpr unsigned int kGrpcLooksSeconds = 1;

std::string DayOf(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

// What gRPC reads as chain and as key. It makes a new TLS context whenever the text differs, and
// with it dies every session that could be resumed: so each load has a number, and no session
// outlives a change of authorities or lists.
std::string IdentityText(const TlsMaterial& material, std::uint64_t load) {
  const std::string number = absl::StrFormat("\nLoad %d\n", load);
  std::string text;
  text.reserve(material.cert.size() + 1 + material.key.Reveal().size() + number.size());
  text.append(material.cert).append("\n").append(material.key.Reveal()).append(number);
  return text;
}

std::shared_ptr<grpc::ServerCredentials> MakeCredentials(const MemoryFile& identity,
                                                         const MemoryFile& authorities,
                                                         std::shared_ptr<ListsInForce> lists) {
  tls::TlsServerCredentialsOptions options(std::make_shared<tls::FileWatcherCertificateProvider>(
      identity.path(), identity.path(), authorities.path(), kGrpcLooksSeconds));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.set_check_call_host(false);
  options.set_certificate_verifier(MakeClientCheck(std::move(lists)));
  return tls::TlsServerCredentials(options);
}

// Of the one that ends first.
absl::Time AuthorityEnd(const TlsMaterial& material) {
  return std::ranges::min(material.authorities, {}, &crypto::CertificateFacts::not_after).not_after;
}

bool SameAs(const TlsMaterial& a, const TlsMaterial& b) {
  // The key belongs to the certificate, so it need not be compared.
  return a.ca == b.ca && a.cert == b.cert && a.crl == b.crl;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CertificateKeeper>> CertificateKeeper::Open(
    TlsFiles files, const Log& log, const Clock& clock, CertificateBoard& board) {
  auto material = ReadMaterial(files, clock.Now());
  if (!material.ok()) return absl::InvalidArgumentError(WithPath(files, material.status()));
  std::string text = IdentityText(*material, 1);
  auto identity = MemoryFile::Create(text);
  Wipe(text);
  if (!identity.ok()) return identity.status();
  LETHE_ASSIGN(MemoryFile authorities, MemoryFile::Create(material->ca));
  std::unique_ptr<CertificateKeeper> keeper(
      new CertificateKeeper(std::move(files), log, clock, board, *std::move(material),
                            *std::move(identity), std::move(authorities)));
  keeper->Look();
  return keeper;
}

CertificateKeeper::CertificateKeeper(TlsFiles files, const Log& log, const Clock& clock,
                                     CertificateBoard& board, TlsMaterial material,
                                     MemoryFile identity, MemoryFile authorities)
    : files_(std::move(files)),
      log_(log),
      clock_(clock),
      board_(board),
      material_(std::move(material)),
      loaded_(clock.Now()),
      settled_(false),
      identity_(std::move(identity)),
      authorities_(std::move(authorities)),
      lists_(std::make_shared<ListsInForce>()) {
  material_.key = KeyText();
  lists_->Set(material_.lists);
  credentials_ = MakeCredentials(identity_, authorities_, lists_);
  TellLoaded();
}

void CertificateKeeper::Look(bool asked) {
  const absl::Time now = clock_.Now();
  const FileStamps stamps = FileStamps::Of(files_);
  if (asked || !settled_ || !fault_.empty() || stamps != stamps_) {
    stamps_ = stamps;
    settled_ = stamps.AreSettled(now);
    auto material = ReadMaterial(files_, now);
    absl::Status status = material.status();
    const bool changed = status.ok() && (asked || !SameAs(*material, material_));
    // What is in service already may end there; Endings tells of it.
    if (changed && !SameAs(*material, material_)) status = CheckDates(*material, now);
    if (changed && status.ok()) status = Install(*std::move(material));
    TakeFault(status, asked);
  }
  Report(now);
}

absl::Status CertificateKeeper::Install(TlsMaterial material) {
  LETHE_ASSIGN(MemoryFile::Next authorities, authorities_.Prepare(material.ca));
  std::string text = IdentityText(material, loads_ + 1);
  auto identity = identity_.Prepare(text);
  Wipe(text);
  if (!identity.ok()) return identity.status();
  authorities_.Take(std::move(authorities));
  identity_.Take(*std::move(identity));
  // Whom the new lists name is refused from here on; the rest follows when gRPC looks.
  lists_->Set(material.lists);
  material_ = std::move(material);
  material_.key = KeyText();
  ++loads_;
  loaded_ = clock_.Now();
  TellLoaded();
  return absl::OkStatus();
}

void CertificateKeeper::TakeFault(const absl::Status& fault, bool asked) {
  const std::string text(fault.message());
  const bool again = !fault_.empty();
  fault_ = text;
  if (text.empty()) {
    if (!told_.empty()) log_.Write(Level::kInfo, "certificates_sound", {});
    told_.clear();
    return;
  }
  if (text == told_ || !(again || asked)) return;
  told_ = text;
  const std::string what = WithPath(files_, fault);
  log_.Write(Level::kError, "certificates_refused",
             {{"what", std::string_view(what)},
              {"in_service", std::string_view(material_.server.serial)}});
}

void CertificateKeeper::TellLoaded() const {
  const std::string until = DayOf(material_.server.not_after);
  log_.Write(Level::kInfo, "certificates_loaded",
             {{"serial", std::string_view(material_.server.serial)},
              {"sha256", std::string_view(material_.server.fingerprint)},
              {"until", std::string_view(until)},
              {"lists", material_.lists != nullptr}});
}

std::vector<std::string> CertificateKeeper::Endings(absl::Time now) const {
  std::vector<std::string> endings;
  const auto look = [&](std::string_view what, absl::Time end, absl::Duration notice) {
    if (end - now > notice) return;
    endings.push_back(now < end ? absl::StrFormat("%s ends on %s", what, DayOf(end))
                                : absl::StrFormat("%s ended on %s", what, DayOf(end)));
  };
  if (now < material_.server.not_before) {
    endings.emplace_back("tls.cert: the server's certificate is not valid yet");
  }
  look("tls.cert: the server's certificate", material_.server.not_after, kNotice);
  look("tls.ca: an authority", AuthorityEnd(material_), kNotice);
  // Lists are made anew every few days; only one that did not come is news.
  if (material_.lists != nullptr && now >= material_.lists->next_update()) {
    endings.push_back(absl::StrFormat("tls.crl: the next revocation list was due on %s",
                                      DayOf(material_.lists->next_update())));
  }
  return endings;
}

void CertificateKeeper::Report(absl::Time now) {
  std::vector<std::string> endings = Endings(now);
  const bool due = now - reminded_ >= kReminder || now < reminded_;
  if (endings != endings_ || (due && !endings.empty())) {
    for (const std::string& ending : endings) {
      log_.Write(Level::kWarn, "certificates_end", {{"what", std::string_view(ending)}});
    }
    reminded_ = now;
    endings_ = endings;
  }
  CertificateReport report{.not_after = material_.server.not_after,
                           .serial = material_.server.serial,
                           .fingerprint = material_.server.fingerprint,
                           .authority_not_after = AuthorityEnd(material_),
                           .loaded = loaded_,
                           .loads = loads_,
                           .alarms = std::move(endings)};
  // A list need not say when the next one comes.
  if (material_.lists != nullptr && material_.lists->next_update() < absl::InfiniteFuture()) {
    report.lists_due = material_.lists->next_update();
  }
  if (!told_.empty()) report.alarms.insert(report.alarms.begin(), told_ + "; the old stays");
  board_.Put(std::move(report));
}

}  // namespace lethe::server
