#include "server/listen/acceptor.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "base/descriptors.h"
#include "base/status_macros.h"
#include "server/listen/accept_error.h"
#include "server/listen/connection_plan.h"

namespace lethe::server {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(200);
// While the places are full, between two ticks: each costs a handshake, and whoever has a place
// keeps it long enough to end one. The others wait in the kernel's queue, three seconds at most.
constexpr int kCrowdedAccepts = 64;
// Descriptors that are short for longer are somebody's; until then they may be on their way back.
constexpr absl::Duration kShortMax = absl::Seconds(1);
constexpr absl::Duration kLookEvery = absl::Milliseconds(20);
// In one go, so that a flood does not keep the loop from its other work.
constexpr int kAcceptsAtOnce = 64;

constexpr char kRefused[] = "connection_refused";
constexpr char kCut[] = "peer_cut_off";

// False: the kernel watches no more (epoll's max_user_watches, memory).
bool Watch(int epoll, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

// What a flood leaves behind in the queue is worth neither a place nor a handshake.
bool IsGone(int fd) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_state != TCP_ESTABLISHED;
}

}  // namespace

std::unique_ptr<Door> OpenDoor(grpc::ServerBuilder& builder,
                               std::shared_ptr<grpc::ServerCredentials> credentials) {
  using Experimental = grpc::ServerBuilder::experimental_type;
  return builder.experimental().AddExternalConnectionAcceptor(
      Experimental::ExternalConnectionType::FROM_FD, std::move(credentials));
}

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(Options options, Listener listener,
                                                          std::unique_ptr<Door> door,
                                                          const Log& log, const Clock& clock) {
  std::unique_ptr<Acceptor> acceptor(
      new Acceptor(std::move(options), std::move(listener), std::move(door), log, clock));
  if (!acceptor->epoll_.ok() || !acceptor->stop_.ok() || !acceptor->spare_.ok()) {
    return DescriptorShortage();
  }
  if (!acceptor->WatchOwn()) {
    return absl::ResourceExhaustedError("the kernel watches no more descriptors (epoll)");
  }
  acceptor->thread_ = std::thread([self = acceptor.get()] { self->Run(); });
  return acceptor;
}

Acceptor::Acceptor(Options options, Listener listener, std::unique_ptr<Door> door, const Log& log,
                   const Clock& clock)
    : options_(std::move(options)),
      listener_(std::move(listener)),
      port_(listener_->port()),
      door_(std::move(door)),
      clock_(clock),
      log_(log, options_.port_name),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(OpenSpare()),
      table_(options_.limits),
      watch_(table_, SocketCounts::OfNewestServer(), options_.handshake_proves),
      ticked_(clock.SinceBoot()),
      came_round_ns_(absl::ToInt64Nanoseconds(ticked_)) {}

bool Acceptor::WatchOwn() const {
  return Watch(epoll_.get(), stop_.get(), EPOLLIN) &&
         std::ranges::all_of(listener_->fds(),
                             [this](int fd) { return Watch(epoll_.get(), fd, EPOLLIN); });
}

void Acceptor::Stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  // An eventfd takes this whatever happens.
  [[maybe_unused]] const ssize_t written = write(stop_.get(), &one, sizeof(one));
  thread_.join();
  listener_.reset();
  held_.clear();
}

absl::Duration Acceptor::SilentFor() const {
  return clock_.SinceBoot() - absl::Nanoseconds(came_round_ns_.load());
}

void Acceptor::Run() {
  std::array<epoll_event, 128> events;
  while (true) {
    const bool hurried = watch_.has_newcomers() || IsShort();
    const absl::Duration patience = hurried ? kLookEvery : kTick;
    const int count =
        std::max(0, epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               static_cast<int>(absl::ToInt64Milliseconds(patience))));
    const absl::Duration now = clock_.SinceBoot();
    came_round_ns_ = absl::ToInt64Nanoseconds(now);
    const std::span<const epoll_event> seen(events.data(), static_cast<std::size_t>(count));
    // First those who left: a number that is free again may be the next one's.
    for (const epoll_event& event : seen) {
      if (held_.contains(event.data.fd)) OnHangUp(event.data.fd);
    }
    for (const epoll_event& event : seen) {
      if (event.data.fd == stop_.get()) return log_.Flush(absl::InfiniteDuration());
      if (IsListening(event.data.fd)) AcceptAll(event.data.fd);
    }
    if (IsShort() && DescriptorsFit() && crowded_accepts_ < kCrowdedAccepts) Listen(true);
    if (now - ticked_ >= kTick) {
      Tick();
    } else if (watch_.has_newcomers() && now - newcomers_looked_ >= kLookEvery) {
      // A flood of calls that are reset costs what it does between two looks.
      newcomers_looked_ = now;
      CutOffAbusers(watch_.FindAbusersAmongNewcomers(now), now);
    }
  }
}

bool Acceptor::IsListening(int fd) const {
  return std::ranges::find(listener_->fds(), fd) != listener_->fds().end();
}

void Acceptor::AcceptAll(int listening) {
  for (int i = 0; i < kAcceptsAtOnce && AcceptOne(listening); ++i) {
  }
}

bool Acceptor::AcceptOne(int listening) {
  const bool fits = DescriptorsFit();
  if (!fits && clock_.SinceBoot() - short_since_ < kShortMax) {
    Listen(false);
    return false;
  }
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  Descriptor connection(accept4(listening, reinterpret_cast<sockaddr*>(&address), &size,
                                SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!connection.ok()) return OnAcceptError(listening, errno);
  Peer peer = PeerOf(address);
  if (IsGone(connection.get())) return true;
  if (!fits) {
    log_.Count(kRefused, "descriptors", clock_.SinceBoot());
    ++crowded_accepts_;
  } else if (MakeWay(peer)) {
    Take(std::move(connection), std::move(peer));
  }
  if (crowded_accepts_ < kCrowdedAccepts) return true;
  Listen(false);
  return false;
}

// Whether there are enough for one more connection, of this port and of the other one.
//
// Those who were cut off for others have theirs until gRPC has closed them, in a moment: nobody is
// refused for that, he waits in the kernel's queue (kShortMax), and it is looked every kLookEvery.
bool Acceptor::DescriptorsFit() {
  if (CheckDescriptors(kDescriptorsLeft + 2 * kDescriptorsOfConnection).ok()) {
    short_since_ = absl::InfiniteDuration();
    return true;
  }
  short_since_ = std::min(short_since_, clock_.SinceBoot());
  return false;
}

bool Acceptor::OnAcceptError(int listening, int error) {
  if (error == EAGAIN) return false;
  if (IsOfTheConnection(error)) return true;
  log_.Count(kRefused, NameOfAcceptError(error), clock_.SinceBoot());
  if (IsDescriptorShortage(error) && spare_.ok()) {
    // Accepted with the spare one and closed: the peer learns at once, and the queue gets shorter.
    spare_.Close();
    const bool closed = Descriptor(accept4(listening, nullptr, nullptr, SOCK_CLOEXEC)).ok();
    spare_ = OpenSpare();
    if (closed) return true;
  }
  // Until the next tick, or the loop would spin.
  Listen(false);
  return false;
}

// Whether one more may come in; the peer that goes for it is cut off.
bool Acceptor::MakeWay(const Peer& peer) {
  const absl::Duration now = clock_.SinceBoot();
  if (hold_out_.Holds(peer.network, now)) {
    log_.Count(kRefused, "cut off lately", now);
    return false;
  }
  // Whoever is done with the handshake goes for nobody. In a flood they are not listed for each.
  if (table_.IsCrowded(peer) && options_.handshake_proves && now - looked_ >= kLookEvery) {
    watch_.LookForHandshakes(now);
    looked_ = now;
  }
  const ConnectionTable::Verdict verdict = table_.Admit(peer);
  if (verdict.crowd != Crowd::kNone) {
    log_.Count(kRefused, NameOf(verdict.crowd), now);
    ++crowded_accepts_;
  }
  for (const int fd : verdict.to_close) CutOff(fd);
  return verdict.admitted;
}

// gRPC owns the descriptor that it is given and closes it unasked; the other one of the same
// connection tells of its end, and cuts it off.
void Acceptor::Take(Descriptor connection, Peer peer) {
  Descriptor ours(fcntl(connection.get(), F_DUPFD_CLOEXEC, 0));
  if (!ours.ok()) {
    log_.Count(kRefused, "EMFILE", clock_.SinceBoot());
    return;
  }
  const int id = ours.get();
  // EPOLLHUP and EPOLLERR are always told. Unwatched it would keep its place for good.
  if (!Watch(epoll_.get(), id, 0)) {
    log_.Count(kRefused, "epoll", clock_.SinceBoot());
    return;
  }
  table_.Add(id, std::move(peer), clock_.SinceBoot());
  watch_.Watch(id, clock_.SinceBoot());
  held_[id] = std::move(ours);
  Door::NewConnectionParameters parameters;
  parameters.fd = connection.Release();
  door_->HandleNewConnection(&parameters);
}

void Acceptor::OnHangUp(int fd) {
  table_.Remove(fd);
  watch_.Forget(fd);
  // Not by itself while gRPC has the connection open as well.
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  held_.erase(fd);
}

// Disconnected (connect(2), AF_UNSPEC) rather than shut down: the peer gets a reset at once and
// what it sent is dropped, not worked through. gRPC reads an error, and closes.
void Acceptor::CutOff(int fd) {
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (connect(fd, &nobody, sizeof(nobody)) != 0) shutdown(fd, SHUT_RDWR);
  OnHangUp(fd);
}

void Acceptor::Tick() {
  const absl::Duration now = clock_.SinceBoot();
  ticked_ = now;
  crowded_accepts_ = 0;
  if (!spare_.ok()) spare_ = OpenSpare();
  if (!listening_) Listen(true);
  // gRPC has cut off whoever did not finish by then.
  table_.ProveAllBefore(now - kHandshakeTime - absl::Seconds(1));
  newcomers_looked_ = now;
  CutOffAbusers(watch_.FindAbusers(now), now);
  log_.Flush(now);
}

void Acceptor::CutOffAbusers(const std::vector<ConnectionTable::Id>& ids, absl::Duration now) {
  for (const ConnectionTable::Id id : ids) {
    log_.Count(kCut, "rapid reset", now);
    hold_out_.Begin(table_.connections().at(id).peer.network, now);
    CutOff(id);
  }
}

void Acceptor::Listen(bool on) {
  listening_ = on;
  for (const int fd : listener_->fds()) {
    epoll_event event{};
    if (on) event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
  }
}

}  // namespace lethe::server
