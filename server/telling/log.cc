#include "server/telling/log.h"

#include <atomic>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "nlohmann/json.hpp"
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

// The libraries' log functions take no context of ours.
std::atomic<const Log*> library_log{nullptr};

void WriteForLibrary(std::string_view library, Level level, const char* path, int line,
                     std::string_view text) {
  const Log* log = library_log.load();
  if (log == nullptr) return;
  const char* slash = std::strrchr(path, '/');
  const char* file = slash == nullptr ? path : slash + 1;
  log->Write(level, library, {{"file", std::string_view(file)}, {"line", std::int64_t{line}}});
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

Log::Log(std::string_view level, std::shared_ptr<spdlog::sinks::sink> sink)
    : logger_(std::make_shared<spdlog::logger>("lethed", std::move(sink))) {
  logger_->set_level(LevelNamed(level));
  logger_->set_pattern("%v");  // The line is JSON already; spdlog's patterns do not escape.
  logger_->flush_on(spdlog::level::debug);
}

Log::~Log() {
  const Log* self = this;
  library_log.compare_exchange_strong(self, nullptr);
}

void Log::Write(Level level, std::string_view event, std::initializer_list<LogField> fields) const {
  if (!logger_->should_log(LevelOf(level))) return;
  std::string line =
      absl::StrFormat("{\"time\":\"%s\",\"level\":\"%s\",\"event\":%s",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()),
                      NameOf(level), JsonString(event));
  for (const LogField& field : fields) absl::StrAppend(&line, ",", JsonOf(field));
  line.push_back('}');
  logger_->log(LevelOf(level), spdlog::string_view_t(line.data(), line.size()));
}

void Log::TakeOverLibraries(const Log& log) {
  library_log = &log;
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function(&WriteGrpcLine);
  google::protobuf::SetLogHandler(&WriteProtobufLine);
}

}  // namespace lethe::server
