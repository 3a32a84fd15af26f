// A LoopMount is a file system of a test's own, on a sparse image behind a loop device. The test
// process first moves into a mount namespace of its own: whatever happens to it, the kernel takes
// the mounts and their loop devices away with it, and no other process ever sees them.
#ifndef LETHE_TESTS_VAULT_HOLDERS_LOOP_MOUNT_H_
#define LETHE_TESTS_VAULT_HOLDERS_LOOP_MOUNT_H_

#include <cstdlib>
#include <string>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace lethe::test {

inline bool Run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

// Once a process. False: not root, or not allowed.
inline bool EnterOwnMountNamespace() {
  static const bool entered = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
                              mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return entered;
}

class LoopMount {
 public:
  // `make`: "mkfs.ext4 -q -F" and the like; `options`: of mount(8).
  LoopMount(const std::string& make, const std::string& options) {
    if (!EnterOwnMountNamespace()) {
      why_not_ = "needs root and a mount namespace of its own";
      return;
    }
    // XFS refuses to be smaller than 300 MB; nothing of it is written.
    if (!Run("truncate -s 320M " + image()) || !Run(make + " " + image())) {
      why_not_ = "cannot run: " + make;
      return;
    }
    if (Run("mkdir " + path())) MountAgain(options);
  }
  ~LoopMount() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  LoopMount(const LoopMount&) = delete;
  LoopMount& operator=(const LoopMount&) = delete;

  // Everything written is in the image then. Nothing on the file system may be open.
  bool Unmount() {
    if (mounted_ && umount2(path().c_str(), 0) == 0) mounted_ = false;
    return !mounted_;
  }
  void MountAgain(const std::string& options) {
    mounted_ = Run("mount -o loop," + options + " " + image() + " " + path());
    if (!mounted_) why_not_ = "cannot mount a loop device here with: " + options;
  }

  bool ok() const { return mounted_; }
  const std::string& why_not() const { return why_not_; }
  std::string path() const { return dir_ / "mount"; }
  std::string image() const { return dir_ / "image"; }
  std::string operator/(const std::string& name) const { return path() + "/" + name; }

 private:
  TempDir dir_;
  bool mounted_ = false;
  std::string why_not_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_LOOP_MOUNT_H_
