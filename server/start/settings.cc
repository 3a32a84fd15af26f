#include "server/start/settings.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/str_format.h"

namespace lethe::server {
namespace {

using Set = std::function<absl::Status(ServerConfig&, const std::string&)>;

absl::Status MustBe(const char* what) {
  return absl::InvalidArgumentError(absl::StrFormat("must be %s", what));
}

template <typename Target>
Set Text(Target target) {
  return [target](ServerConfig& config, const std::string& text) {
    target(config) = text;
    return absl::OkStatus();
  };
}

template <typename Target>
Set Bool(Target target) {
  return [target](ServerConfig& config, const std::string& text) {
    if (text != "true" && text != "false") return MustBe("true or false");
    target(config) = text == "true";
    return absl::OkStatus();
  };
}

template <typename Target>
Set Count(Target target, int max) {
  return [target, max](ServerConfig& config, const std::string& text) -> absl::Status {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || value < 1 || value > max) {
      return absl::InvalidArgumentError(absl::StrFormat("must be a whole number, 1 to %d", max));
    }
    target(config) = value;
    return absl::OkStatus();
  };
}

// A key stays alive no longer than an hour after its data was replaced, whatever is configured.
constexpr absl::Duration kDoomedDelayMax = absl::Hours(1);
// Kubernetes kills after 30 seconds by default; nobody waits for more than ten minutes.
constexpr int kDrainSecondsMax = 600;

// A slow line must be able to take a piece of 64 KiB; and no stream lives longer than ten minutes.
constexpr absl::Duration kStalledMin = absl::Seconds(1);
constexpr absl::Duration kStalledMax = absl::Minutes(10);

absl::Status SetDoomedDelay(ServerConfig& config, const std::string& text) {
  absl::Duration value;
  const bool right = absl::ParseDuration(text, &value) && value >= absl::ZeroDuration() &&
                     value <= kDoomedDelayMax;
  if (!right) return MustBe("a time such as 0s, 500ms, 60s, at most 1h");
  config.doomed_delay = value;
  return absl::OkStatus();
}

absl::Status SetDrain(ServerConfig& config, const std::string& text) {
  int seconds = 0;
  const auto set = Count([&seconds](ServerConfig&) -> int& { return seconds; }, kDrainSecondsMax);
  const absl::Status status = set(config, text);
  if (status.ok()) config.drain = absl::Seconds(seconds);
  return status;
}

absl::Status SetStalled(ServerConfig& config, const std::string& text) {
  absl::Duration value;
  const bool right =
      absl::ParseDuration(text, &value) && value >= kStalledMin && value <= kStalledMax;
  if (!right) return MustBe("a time such as 30s, 1s to 10m");
  config.limits.stalled = value;
  return absl::OkStatus();
}

absl::Status SetReads(ServerConfig& config, const std::string& text) {
  if (text != "durable" && text != "buffered") return MustBe("durable or buffered");
  config.durable_reads = text == "durable";
  return absl::OkStatus();
}

absl::Status SetLogLevel(ServerConfig& config, const std::string& text) {
  for (const char* level : {"debug", "info", "warn", "error"}) {
    if (text == level) {
      config.log_level = text;
      return absl::OkStatus();
    }
  }
  return MustBe("debug, info, warn or error");
}

// Sets the member of ServerConfig that `path` leads to.
#define LETHE_AT(path) \
  [](ServerConfig & config) -> auto& { return config.path; }

std::vector<Setting> MakeSettings() {
  return {
      {"data_dir", "folder of the vault (lethe init makes it)", true, false,
       Text(LETHE_AT(data_dir))},
      {"listen", "address and port; port 0 takes a free one", false, false, Text(LETHE_AT(listen))},
      {"health_listen", "plaintext address and port for health checks alone; empty: none", false,
       false, Text(LETHE_AT(health_listen))},
      {"port_file", "file to write the ports in use to", true, false, Text(LETHE_AT(port_file))},
      {"tls.ca", "PEM file of the authority that signs the clients' certificates", true, false,
       Text(LETHE_AT(tls.ca))},
      {"tls.cert", "PEM file of the server's certificate chain", true, false,
       Text(LETHE_AT(tls.cert))},
      {"tls.key", "PEM file of the server's key", true, false, Text(LETHE_AT(tls.key))},
      {"tls.crl", "PEM file of the authorities' revocation lists; empty: none are looked up", true,
       false, Text(LETHE_AT(tls.crl))},
      {"insecure_loopback_dev", "no TLS, callers name themselves; loopback addresses only", false,
       true, Bool(LETHE_AT(insecure_loopback_dev))},
      {"reflection", "let clients ask for the API's description", false, true,
       Bool(LETHE_AT(reflection))},
      {"limits.workers", "threads for reads and writes", false, false,
       Count(LETHE_AT(limits.workers), 256)},
      {"limits.workers_rights", "threads for erasures and restrictions", false, false,
       Count(LETHE_AT(limits.workers_rights), 64)},
      {"limits.workers_streams", "threads for reports, exports and imports", false, false,
       Count(LETHE_AT(limits.workers_streams), 64)},
      {"limits.queue_unary", "calls that may wait for a worker", false, false,
       Count(LETHE_AT(limits.queue_unary), 65536)},
      {"limits.queue_rights", "erasures and restrictions that may wait", false, false,
       Count(LETHE_AT(limits.queue_rights), 65536)},
      {"limits.queue_streams", "streams open at once", false, false,
       Count(LETHE_AT(limits.queue_streams), 4096)},
      {"limits.connections", "connections at once; fewer where few files may be open", false, false,
       Count(LETHE_AT(limits.connections), 100'000)},
      {"limits.connections_per_address", "connections at once from one address", false, false,
       Count(LETHE_AT(limits.connections_per_address), 100'000)},
      {"limits.handshakes", "connections at once whose handshake is not done", false, false,
       Count(LETHE_AT(limits.handshakes), 10'000)},
      {"limits.memory_mb", "megabytes of network buffers", false, false,
       Count(LETHE_AT(limits.memory_mb), 65536)},
      {"limits.in_flight_mb", "megabytes of requests and answers at once; half for one caller",
       false, false, Count(LETHE_AT(limits.in_flight_mb), 65536)},
      {"limits.process_mb",
       "megabytes of the process, near which it restarts; default: the cgroup's limit", false,
       false, Count(LETHE_AT(limits.process_mb), 1 << 20)},
      {"limits.stalled", "how long a caller may leave an answer unread, e.g. 30s", false, false,
       SetStalled},
      {"audit.reads", "durable: a read's event is on disk before its answer; buffered: 10 ms later",
       false, false, SetReads},
      {"doomed_delay", "how long the key of replaced or deleted bytes may live on, e.g. 60s", false,
       false, SetDoomedDelay},
      {"log_level", "debug, info, warn or error", false, false, SetLogLevel},
      {"drain_seconds", "how long calls under way may take after SIGTERM", false, false, SetDrain},
  };
}

#undef LETHE_AT

}  // namespace

const std::vector<Setting>& Settings() {
  static const std::vector<Setting>* const settings = new std::vector<Setting>(MakeSettings());
  return *settings;
}

const Setting* FindSetting(std::string_view key) {
  const auto& all = Settings();
  const auto it = std::find_if(all.begin(), all.end(),
                               [key](const Setting& setting) { return setting.key == key; });
  return it == all.end() ? nullptr : &*it;
}

std::string FlagOf(const Setting& setting) {
  std::string flag = "--" + setting.key;
  for (char& c : flag) {
    if (c == '_' || c == '.') c = '-';
  }
  return flag;
}

std::string EnvironmentOf(const Setting& setting) {
  std::string name = "LETHED_" + setting.key;
  for (char& c : name) {
    c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

}  // namespace lethe::server
