#include "server/tls/tls_material.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status_macros.h"

namespace lethe::server {
namespace {

// No bundle of authorities comes near it; a revocation list may.
constexpr std::size_t kFileBytesMax = 16u << 20;

absl::Status Fault(std::string_view setting, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s", setting, what));
}

// Closes on every way out.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

absl::StatusOr<std::string> ReadFile(std::string_view setting, const std::string& path) {
  const auto unreadable = [setting](const char* why) {
    return Fault(setting, absl::StrFormat("cannot be read (%s)", why));
  };
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts {};
  if (file.fd < 0 || fstat(file.fd, &facts) != 0) return unreadable(std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return unreadable("not a file");
  if (facts.st_size > static_cast<off_t>(kFileBytesMax)) return unreadable("larger than 16 MiB");
  std::string text(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = read(file.fd, text.data() + done, text.size() - done);
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (got == 0 || errno != EINTR) {
      const char* const why = got == 0 ? "it became shorter meanwhile" : std::strerror(errno);
      Wipe(text);
      return unreadable(why);
    }
  }
  return text;
}

absl::Status ReadServer(const TlsFiles& files, TlsMaterial& material) {
  LETHE_ASSIGN(material.cert, ReadFile("tls.cert", files.cert));
  const auto chain = crypto::InspectCertificates(material.cert);
  if (!chain.ok()) return Fault("tls.cert", std::string(chain.status().message()));
  material.server = chain->front();
  LETHE_ASSIGN(std::string key, ReadFile("tls.key", files.key));
  material.key = KeyText(std::move(key));
  if (!crypto::CheckKeyMatches(material.cert, material.key.Reveal()).ok()) {
    return Fault("tls.key", "is not the key of tls.cert (or under a password)");
  }
  const absl::Status serves = crypto::CheckServes(material.cert, material.key.Reveal());
  return serves.ok() ? serves : Fault("tls.cert", std::string(serves.message()));
}

absl::Status ReadAuthorities(const TlsFiles& files, TlsMaterial& material) {
  LETHE_ASSIGN(material.ca, ReadFile("tls.ca", files.ca));
  auto all = crypto::InspectCertificates(material.ca);
  if (!all.ok()) return Fault("tls.ca", std::string(all.status().message()));
  material.authorities = *std::move(all);
  return absl::OkStatus();
}

absl::Status ReadLists(const TlsFiles& files, absl::Time now, TlsMaterial& material) {
  if (files.crl.empty()) return absl::OkStatus();
  LETHE_ASSIGN(material.crl, ReadFile("tls.crl", files.crl));
  auto lists = crypto::RevocationLists::Read(material.crl, material.ca, now);
  if (!lists.ok()) return Fault("tls.crl", std::string(lists.status().message()));
  material.lists = std::make_shared<const crypto::RevocationLists>(*std::move(lists));
  return absl::OkStatus();
}

}  // namespace

KeyText::KeyText(KeyText&& other) noexcept : text_(std::move(other.text_)) { Wipe(other.text_); }
KeyText& KeyText::operator=(KeyText&& other) noexcept {
  std::swap(text_, other.text_);
  return *this;
}
KeyText::~KeyText() { Wipe(text_); }

absl::StatusOr<TlsMaterial> ReadMaterial(const TlsFiles& files, absl::Time now) {
  TlsMaterial material;
  LETHE_TRY(ReadAuthorities(files, material));
  LETHE_TRY(ReadServer(files, material));
  LETHE_TRY(ReadLists(files, now, material));
  return material;
}

absl::Status CheckDates(const TlsMaterial& material, absl::Time now) {
  if (now >= material.server.not_after) return Fault("tls.cert", "has expired");
  if (now < material.server.not_before) return Fault("tls.cert", "is not valid yet");
  const auto in_force = [now](const crypto::CertificateFacts& authority) {
    return authority.not_before <= now && now < authority.not_after;
  };
  if (std::ranges::any_of(material.authorities, in_force)) return absl::OkStatus();
  return Fault("tls.ca", "holds no authority that is in force now");
}

std::string WithPath(const TlsFiles& files, const absl::Status& fault) {
  const std::string text(fault.message());
  const std::pair<std::string_view, const std::string*> paths[] = {{"tls.ca", &files.ca},
                                                                   {"tls.cert", &files.cert},
                                                                   {"tls.key", &files.key},
                                                                   {"tls.crl", &files.crl}};
  for (const auto& [setting, path] : paths) {
    if (!text.starts_with(std::string(setting) + ": ")) continue;
    return absl::StrFormat("%s: %s %s", setting, *path, text.substr(setting.size() + 2));
  }
  return text;
}

FileStamps FileStamps::Of(const TlsFiles& files) {
  FileStamps stamps;
  auto* stamp = stamps.stamps_.data();
  for (const std::string* path : {&files.ca, &files.cert, &files.key, &files.crl}) {
    *stamp++ = FileStamp::Of(*path);
  }
  return stamps;
}

bool FileStamps::AreSettled(absl::Time now) const {
  return std::ranges::all_of(stamps_,
                             [now](const FileStamp& stamp) { return stamp.IsSettled(now); });
}

}  // namespace lethe::server
