#include "cli/doctor/storage_checks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "vault/holders/file_self_test.h"

namespace lethe::cli {
namespace {

using vault::holders::FileSystemFacts;

// lethed refuses writes below its reserve (vault/open/open.h), so that a full disk never meets
// RocksDB.
constexpr std::uint64_t kReserveBytes = 64u << 20;
// RocksDB rewrites what it compacts, and the archive only grows.
constexpr std::uint64_t kComfortBytes = 1u << 30;

// File systems of the net or of memory: a vault there is lost with a power cut or corrupted by a
// second writer.
constexpr const char* kUnfitTypes[] = {"tmpfs", "ramfs", "nfs",  "nfs4",
                                       "cifs",  "smb3",  "fuse", "overlay"};

Finding& Broken(Finding& finding, std::string found, std::string remedy) {
  finding.health = Health::kBroken;
  finding.found = std::move(found);
  finding.remedy = std::move(remedy);
  return finding;
}

// Closes itself.
class OpenFile {
 public:
  OpenFile(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

bool OthersMayTouch(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) != 0 || (info.st_mode & 077) != 0;
}

}  // namespace

Finding CheckDataFolder(const std::string& path) {
  Finding finding{.check = "data folder"};
  const OpenFile folder(path, O_RDONLY | O_DIRECTORY);
  if (folder.fd() < 0)
    return Broken(finding, "cannot be opened: " + path, "lethe init, or its owner");
  const auto facts = vault::holders::ReadFileSystemFacts(folder.fd());
  if (!facts.ok()) return Broken(finding, std::string(facts.status().message()), "a local disk");
  for (const char* type : kUnfitTypes) {
    if (facts->type == type || facts->type.starts_with("fuse.")) {
      return Broken(finding, "on " + facts->type, "a local disk with ext4 or XFS");
    }
  }
  if (OthersMayTouch(folder.fd())) {
    finding.health = Health::kWarning;
    finding.found = "others may enter it";
    finding.remedy = "chmod 700 " + path;
    return finding;
  }
  finding.found = "on " + facts->type + ", its owner's alone";
  return finding;
}

Finding CheckFreeSpace(const std::string& path) {
  Finding finding{.check = "free space"};
  struct statvfs space {};
  if (::statvfs(path.c_str(), &space) != 0)
    return Broken(finding, "unknown", "see the data folder");
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  finding.found = std::to_string(free >> 20) + " MiB";
  if (free < kReserveBytes) {
    return Broken(finding, finding.found + ", less than the reserve of 64 MiB: writes are refused",
                  "make room; erasures need some too");
  }
  if (free < kComfortBytes) {
    finding.health = Health::kWarning;
    finding.remedy = "make room before it reaches the reserve of 64 MiB";
  }
  return finding;
}

Finding CheckHolder(const std::string& path, bool dev) {
  Finding finding{.check = "holder"};
  const OpenFile file(path, O_RDONLY);
  if (file.fd() < 0) {
    return Broken(finding, "cannot be opened: " + path,
                  "mount its volume; if it is lost, another holder still opens the vault");
  }
  if (OthersMayTouch(file.fd())) {
    return Broken(finding, "others may read the root key: " + path, "chmod 600 " + path);
  }
  struct stat info {};
  ::fstat(file.fd(), &info);
  const auto test = vault::holders::FileSelfTest::Record(file.fd(), path,
                                                         static_cast<std::uint64_t>(info.st_size));
  if (!test.ok()) {
    finding.health = dev ? Health::kWarning : Health::kBroken;
    finding.found = "cannot forget for sure: " + std::string(test.status().message());
    finding.remedy = "ext4 without journalled data, or XFS, on a volume that nobody snapshots";
    return finding;
  }
  finding.found = "overwrites in place: " + path;
  return finding;
}

Finding CheckToken(const vault::TokenSpec& token) {
  Finding finding{.check = "token"};
  const OpenFile module(token.module, O_RDONLY);
  if (module.fd() < 0) {
    return Broken(finding, "no PKCS#11 module: " + token.module, "install the vendor's library");
  }
  const OpenFile pin(token.pin_file, O_RDONLY);
  if (pin.fd() < 0) {
    return Broken(finding, "the PIN cannot be read: " + token.pin_file,
                  "a file with the PIN in it");
  }
  // As the vault has it: a secret in Kubernetes is its group's too.
  struct stat info {};
  if (::fstat(pin.fd(), &info) != 0 || (info.st_mode & S_IRWXO) != 0) {
    return Broken(finding, "others may read the PIN: " + token.pin_file,
                  "chmod 600 " + token.pin_file);
  }
  finding.found = "module and PIN are there; the token itself is not asked: " + token.token;
  return finding;
}

}  // namespace lethe::cli
