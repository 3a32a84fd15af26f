#include "server/telling/log.h"

#include <atomic>
#include <chrono>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "nlohmann/json.hpp"
#include "server/telling/line_limit.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace lethe::server {
namespace {

spdlog::level::level_enum LevelNamed(std::string_view name) {
  if (name == "debug") return spdlog::level::debug;
  if (name == "warn") return spdlog::level::warn;
  if (name == "error") return spdlog::level::err;
  return spdlog::level::info;
}

spdlog::level::level_enum LevelOf(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

const char* NameOf(Level level) {
  constexpr const char* kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<int>(level)];
}

std::string JsonOf(const LogField& field) {
  struct Writer {
    std::string operator()(std::string_view text) const { return JsonString(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return absl::StrFormat("%.3f", number); }
    std::string operator()(bool yes) const { return yes ? "true" : "false"; }
  };
  return absl::StrCat(JsonString(field.key), ":", std::visit(Writer{}, field.value));
}

std::string JsonOf(std::initializer_list<LogField> fields) {
  std::string json;
  for (const LogField& field : fields) absl::StrAppend(&json, ",", JsonOf(field));
  return json;
}

// Since any fixed moment; the wall's clock may go back.
absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// The libraries' log functions take no context of ours.
std::atomic<const Log*> library_log{nullptr};

void WriteForLibrary(std::string_view library, Level level, const char* path, int line,
                     std::string_view text) {
  const Log* log = library_log.load();
  if (log == nullptr) return;
  const char* slash = std::strrchr(path, '/');
  const char* file = slash == nullptr ? path : slash + 1;
  log->WriteLimited(level, library, {},
                    {{"file", std::string_view(file)}, {"line", std::int64_t{line}}}, {});
  log->Write(Level::kDebug, library, {{"text", text}});
}

void WriteGrpcLine(gpr_log_func_args* args) {
  const Level level = args->severity == GPR_LOG_SEVERITY_ERROR ? Level::kWarn : Level::kDebug;
  WriteForLibrary("grpc", level, args->file, args->line, args->message);
}

void WriteProtobufLine(google::protobuf::LogLevel level, const char* file, int line,
                       const std::string& text) {
  const bool bad = level >= google::protobuf::LOGLEVEL_ERROR;
  WriteForLibrary("protobuf", bad ? Level::kWarn : Level::kDebug, file, line, text);
}

}  // namespace

std::string JsonString(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Log::Log(std::string_view level) : Log(level, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {}

// Lines are alike if they have the same level, event and fields, and are about the same caller.
struct Log::Flood {
  struct Kind {
    Level level;
    std::string event;
    std::string fields;
  };

  LineLimit& LimitOf(Level level) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return level == Level::kError ? errors : limit;
  }
  bool Knows(const std::string& kind) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return limit.Knows(kind) || errors.Knows(kind);
  }

  absl::Mutex mutex;
  LineLimit limit ABSL_GUARDED_BY(mutex);
  // Apart, so that no flood of anything else takes their places.
  LineLimit errors ABSL_GUARDED_BY(mutex){kFirstErrors};
  // Of those that the limit knows: to be written when they are due.
  std::map<std::string, Kind> kinds ABSL_GUARDED_BY(mutex);
};

Log::Log(std::string_view level, std::shared_ptr<spdlog::sinks::sink> sink)
    : logger_(std::make_shared<spdlog::logger>("lethed", std::move(sink))),
      flood_(std::make_unique<Flood>()) {
  logger_->set_level(LevelNamed(level));
  logger_->set_pattern("%v");  // The line is JSON already; spdlog's patterns do not escape.
  logger_->flush_on(spdlog::level::debug);
}

Log::~Log() {
  const Log* self = this;
  library_log.compare_exchange_strong(self, nullptr);
  WriteAllLeftOut();
}

void Log::WriteLine(Level level, std::string_view event, std::string_view fields) const {
  const std::string line =
      absl::StrFormat("{\"time\":\"%s\",\"level\":\"%s\",\"event\":%s%s}",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()),
                      NameOf(level), JsonString(event), fields);
  logger_->log(LevelOf(level), spdlog::string_view_t(line.data(), line.size()));
}

void Log::Write(Level level, std::string_view event, std::initializer_list<LogField> fields) const {
  if (!logger_->should_log(LevelOf(level))) return;
  WriteLine(level, event, JsonOf(fields));
}

bool Log::WriteLimited(Level level, std::string_view event, std::string_view who,
                       std::initializer_list<LogField> about,
                       std::initializer_list<LogField> one) const {
  if (!logger_->should_log(LevelOf(level))) return false;
  const std::string fields = JsonOf(about);
  const std::string kind = std::string(event) + fields + " " + std::string(who);
  {
    absl::MutexLock hold(&flood_->mutex);
    if (!flood_->LimitOf(level).Admit(kind, SteadyNow())) return false;
    flood_->kinds.try_emplace(kind, Flood::Kind{level, std::string(event), fields});
  }
  WriteLine(level, event, fields + JsonOf(one));
  return true;
}

void Log::WriteLeftOut() const { WriteLeftOutUntil(SteadyNow()); }
void Log::WriteAllLeftOut() const { WriteLeftOutUntil(absl::InfiniteDuration()); }

void Log::WriteLeftOutUntil(absl::Duration now) const {
  std::vector<std::pair<Flood::Kind, std::int64_t>> due;
  {
    absl::MutexLock hold(&flood_->mutex);
    for (LineLimit* limit : {&flood_->limit, &flood_->errors}) {
      for (const LineLimit::LeftOut& kind : limit->TakeDue(now)) {
        const auto it = flood_->kinds.find(kind.kind);
        due.emplace_back(
            it == flood_->kinds.end() ? Flood::Kind{Level::kWarn, "left_out", ""} : it->second,
            kind.lines);
      }
    }
    std::erase_if(flood_->kinds, [this](const auto& kind) ABSL_EXCLUSIVE_LOCKS_REQUIRED(
                                     flood_->mutex) { return !flood_->Knows(kind.first); });
  }
  for (const auto& [kind, lines] : due) {
    WriteLine(kind.level, kind.event, kind.fields + JsonOf({{"more", lines}}));
  }
}

void Log::TakeOverLibraries(const Log& log) {
  library_log = &log;
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function(&WriteGrpcLine);
  google::protobuf::SetLogHandler(&WriteProtobufLine);
}

}  // namespace lethe::server
