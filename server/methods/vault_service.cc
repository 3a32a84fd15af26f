#include "server/methods/vault_service.h"

#include "server/calls/unary_call.h"
#include "server/methods/import_call.h"
#include "server/methods/record_calls.h"
#include "server/methods/subject_calls.h"

namespace lethe::server {

using Unary = grpc::ServerUnaryReactor;

Unary* VaultService::CreateSubject(Context* context, const v1::CreateSubjectRequest* request,
                                   v1::Subject* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/CreateSubject", context, request,
                    response, &server::CreateSubject);
}

Unary* VaultService::GetSubject(Context* context, const v1::GetSubjectRequest* request,
                                v1::Subject* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/GetSubject", context, request,
                    response, &server::GetSubject);
}

Unary* VaultService::ListSubjects(Context* context, const v1::ListSubjectsRequest* request,
                                  v1::ListSubjectsResponse* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/ListSubjects", context, request,
                    response, &server::ListSubjects);
}

Unary* VaultService::LookupSubject(Context* context, const v1::LookupSubjectRequest* request,
                                   v1::Subject* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/LookupSubject", context, request,
                    response, &server::LookupSubject);
}

Unary* VaultService::AddIdentifier(Context* context, const v1::AddIdentifierRequest* request,
                                   v1::Subject* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/AddIdentifier", context, request,
                    response, &server::AddIdentifier);
}

// Waits for the destruction of a key, as the rights do.
Unary* VaultService::RemoveIdentifier(Context* context, const v1::RemoveIdentifierRequest* request,
                                      v1::Subject* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.VaultService/RemoveIdentifier", context, request,
                    response, &server::RemoveIdentifier);
}

Unary* VaultService::CreateRecord(Context* context, const v1::CreateRecordRequest* request,
                                  v1::Record* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/CreateRecord", context, request,
                    response, &server::CreateRecord);
}

Unary* VaultService::GetRecord(Context* context, const v1::GetRecordRequest* request,
                               v1::Record* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/GetRecord", context, request,
                    response, &server::GetRecord);
}

Unary* VaultService::ListRecords(Context* context, const v1::ListRecordsRequest* request,
                                 v1::ListRecordsResponse* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/ListRecords", context, request,
                    response, &server::ListRecords);
}

Unary* VaultService::UpdateRecord(Context* context, const v1::UpdateRecordRequest* request,
                                  v1::UpdateRecordResponse* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/UpdateRecord", context, request,
                    response, &server::UpdateRecord);
}

Unary* VaultService::DeleteRecord(Context* context, const v1::DeleteRecordRequest* request,
                                  v1::DeleteRecordResponse* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.VaultService/DeleteRecord", context, request,
                    response, &server::DeleteRecord);
}

grpc::ServerBidiReactor<v1::ImportRecordsRequest, v1::ImportRecordsResponse>*
VaultService::ImportRecords(Context* context) {
  auto* call = new ImportCall(desk_, context);
  call->Start();
  return call;
}

}  // namespace lethe::server
