// The calls of a Client about a person's rights, and those that stream.
#include "google/protobuf/util/time_util.h"
#include "tests/system/client.h"
#include "tests/system/client_stubs.h"

namespace lethe::test {
namespace {

using Reader = grpc::ClientReader<v1::ArtifactChunk>;

// A DocumentStream that counts what came against the trailer.
class ChunkStream : public DocumentStream {
 public:
  using Keep = std::function<CallError(const grpc::Status&)>;
  explicit ChunkStream(Keep keep) : keep_(std::move(keep)) {
    SetDeadline(context_, Client::kCallLimit);
  }
  ~ChunkStream() override {
    if (reader_ == nullptr) return;
    context_.TryCancel();
    if (!finished_) (void)reader_->Finish();
  }

  grpc::ClientContext* context() { return &context_; }
  void Use(std::unique_ptr<Reader> reader) { reader_ = std::move(reader); }

  std::optional<std::string> Next() override {
    v1::ArtifactChunk chunk;
    while (reader_->Read(&chunk)) {
      if (chunk.has_trailer()) trailer_bytes_ = chunk.trailer().size_bytes();
      if (!chunk.has_data()) continue;
      bytes_ += static_cast<std::int64_t>(chunk.data().size());
      return chunk.data();
    }
    return std::nullopt;
  }

  CallError Finish() override {
    finished_ = true;
    const CallError error = keep_(reader_->Finish());
    if (error.outcome() != Outcome::kDone) return error;
    if (trailer_bytes_ == bytes_) return error;
    return {absl::StatusCode::kDataLoss, "TEST_TRAILER", "OK without a trailer that counts it all"};
  }

 private:
  Keep keep_;
  grpc::ClientContext context_;
  std::unique_ptr<Reader> reader_;
  bool finished_ = false;
  std::int64_t bytes_ = 0;
  std::int64_t trailer_bytes_ = -1;
};

void Fill(const ImportLine& line, const std::string& parent, std::int64_t number,
          v1::ImportItem* item) {
  item->set_line(number);
  item->set_request_id(line.request_id);
  item->mutable_record()->set_category(line.category);
  item->mutable_record()->set_data(line.data);
  if (!line.subject.empty()) {
    item->mutable_subject()->set_name(line.subject);
    return;
  }
  auto* ref = item->mutable_subject()->mutable_identifier();
  ref->set_parent(parent);
  ref->set_type(line.identifiers.front().type);
  ref->set_value(line.identifiers.front().value);
  for (std::size_t i = 1; i < line.identifiers.size(); ++i) {
    auto* further = item->add_identifiers();
    further->set_type(line.identifiers[i].type);
    further->set_value(line.identifiers[i].value);
  }
}

ErasureView ViewOf(const v1::Erasure& erasure) {
  return {erasure.name(), erasure.signed_statement(), erasure.records_shredded(),
          erasure.withheld_size() > 0};
}

}  // namespace

Answer<ImportFailures> Client::Import(const std::vector<ImportLine>& lines) const {
  v1::ImportRecordsRequest request;
  request.set_parent(Parent());
  request.set_purpose(kService);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Fill(lines[i], Parent(), static_cast<std::int64_t>(i) + 1, request.add_items());
  }
  grpc::ClientContext context;
  SetDeadline(context, kCallLimit);
  const auto stream = stubs_->vault->ImportRecords(&context);
  v1::ImportRecordsResponse response;
  const bool acknowledged =
      stream->Write(request) && stream->WritesDone() && stream->Read(&response);
  v1::ImportRecordsResponse more;
  while (stream->Read(&more)) {
  }
  const auto error = stubs_->Keep(stream->Finish());
  // What was acknowledged stays acknowledged, however the stream ended.
  if (!acknowledged && error.outcome() != Outcome::kDone) return error;
  if (!acknowledged || response.last_line() != static_cast<std::int64_t>(lines.size())) {
    return CallError{absl::StatusCode::kDataLoss, "TEST_IMPORT", "OK without acknowledging it all"};
  }
  ImportFailures failures;
  for (const v1::ImportFailure& failure : response.failures()) {
    const CallError why = {static_cast<absl::StatusCode>(failure.code()), failure.reason(),
                           failure.message()};
    stubs_->transcript->Add("import: " + why.ToText());
    failures[static_cast<std::size_t>(failure.line()) - 1] = why;
  }
  return failures;
}

Answer<ErasureView> Client::Erase(const std::string& subject, const std::string& request_id) const {
  v1::EraseSubjectRequest request;
  request.mutable_subject()->set_name(subject);
  request.set_ground(v1::ERASURE_GROUND_CONSENT_WITHDRAWN);
  request.set_initiator(v1::INITIATOR_DATA_SUBJECT);
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Erasure erasure;
  const auto error =
      stubs_->Call(*stubs_->rights, &v1::RightsService::Stub::EraseSubject, request, erasure);
  if (error.outcome() != Outcome::kDone) return error;
  return ViewOf(erasure);
}

Answer<ErasureView> Client::GetErasure(const std::string& name) const {
  v1::GetErasureRequest request;
  request.set_name(name);
  request.set_purpose(kService);
  v1::Erasure erasure;
  const auto error =
      stubs_->Call(*stubs_->rights, &v1::RightsService::Stub::GetErasure, request, erasure);
  if (error.outcome() != Outcome::kDone) return error;
  return ViewOf(erasure);
}

Answer<Nothing> Client::Restrict(const std::string& subject, const std::string& request_id) const {
  v1::RestrictSubjectRequest request;
  request.mutable_subject()->set_name(subject);
  request.set_ground(v1::RESTRICTION_GROUND_ACCURACY_CONTESTED);
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Subject response;
  return stubs_->Call(*stubs_->rights, &v1::RightsService::Stub::RestrictSubject, request,
                      response);
}

Answer<Nothing> Client::Unrestrict(const std::string& subject,
                                   const std::string& request_id) const {
  v1::UnrestrictSubjectRequest request;
  request.mutable_subject()->set_name(subject);
  // A fixed past instant: a repeated request must have the same body.
  request.mutable_subject_informed_time()->set_seconds(1'700'000'000);
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Subject response;
  return stubs_->Call(*stubs_->rights, &v1::RightsService::Stub::UnrestrictSubject, request,
                      response);
}

std::unique_ptr<DocumentStream> Client::OpenDocument(DocumentKind kind,
                                                     const std::string& subject) const {
  auto stream = std::make_unique<ChunkStream>(
      [stubs = stubs_.get()](const grpc::Status& status) { return stubs->Keep(status); });
  if (kind == DocumentKind::kReport) {
    v1::GenerateAccessReportRequest request;
    request.mutable_subject()->set_name(subject);
    request.set_purpose(kService);
    stream->Use(stubs_->rights->GenerateAccessReport(stream->context(), request));
  } else {
    v1::ExportSubjectRequest request;
    request.mutable_subject()->set_name(subject);
    request.set_purpose(kService);
    stream->Use(stubs_->rights->ExportSubject(stream->context(), request));
  }
  return stream;
}

Answer<std::string> Client::Document(DocumentKind kind, const std::string& subject) const {
  const auto stream = OpenDocument(kind, subject);
  std::string document;
  while (auto piece = stream->Next()) document += *piece;
  if (CallError error = stream->Finish(); error.outcome() != Outcome::kDone) return error;
  return document;
}

}  // namespace lethe::test
