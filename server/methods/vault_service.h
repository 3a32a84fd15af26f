// lethe.v1.VaultService: which worker pool and which work each method has. The work itself is in
// subject_calls.h and record_calls.h.
#ifndef LETHE_SERVER_METHODS_VAULT_SERVICE_H_
#define LETHE_SERVER_METHODS_VAULT_SERVICE_H_

#include "lethe/v1/vault_service.grpc.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

class VaultService final : public v1::VaultService::CallbackService {
 public:
  explicit VaultService(CallDesk& desk) : desk_(desk) {}

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;

  Unary* CreateSubject(Context* context, const v1::CreateSubjectRequest* request,
                       v1::Subject* response) override;
  Unary* GetSubject(Context* context, const v1::GetSubjectRequest* request,
                    v1::Subject* response) override;
  Unary* ListSubjects(Context* context, const v1::ListSubjectsRequest* request,
                      v1::ListSubjectsResponse* response) override;
  Unary* LookupSubject(Context* context, const v1::LookupSubjectRequest* request,
                       v1::Subject* response) override;
  Unary* AddIdentifier(Context* context, const v1::AddIdentifierRequest* request,
                       v1::Subject* response) override;
  Unary* RemoveIdentifier(Context* context, const v1::RemoveIdentifierRequest* request,
                          v1::Subject* response) override;
  Unary* CreateRecord(Context* context, const v1::CreateRecordRequest* request,
                      v1::Record* response) override;
  Unary* GetRecord(Context* context, const v1::GetRecordRequest* request,
                   v1::Record* response) override;
  Unary* ListRecords(Context* context, const v1::ListRecordsRequest* request,
                     v1::ListRecordsResponse* response) override;
  Unary* UpdateRecord(Context* context, const v1::UpdateRecordRequest* request,
                      v1::UpdateRecordResponse* response) override;
  Unary* DeleteRecord(Context* context, const v1::DeleteRecordRequest* request,
                      v1::DeleteRecordResponse* response) override;
  grpc::ServerBidiReactor<v1::ImportRecordsRequest, v1::ImportRecordsResponse>* ImportRecords(
      Context* context) override;

 private:
  CallDesk& desk_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_VAULT_SERVICE_H_
