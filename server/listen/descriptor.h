// A file descriptor that is closed when its owner dies.
#ifndef LETHE_SERVER_LISTEN_DESCRIPTOR_H_
#define LETHE_SERVER_LISTEN_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace lethe::server {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }

  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_DESCRIPTOR_H_
