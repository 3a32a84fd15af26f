"""What a client does that has the proto files: Debian's own gRPC for Python, with stubs that
protoc made a moment ago, makes a customer, reads, lists and erases over mutual TLS."""
import json
import os
import uuid

import grpc

from lethe.v1 import erasure_pb2, record_pb2, rights_service_pb2, rights_service_pb2_grpc
from lethe.v1 import subject_pb2, vault_service_pb2, vault_service_pb2_grpc

PARENT = "tenants/acme"
PURPOSE = "service"
TIMEOUT_SECONDS = 20


def open_channel():
    def content(variable):
        with open(os.environ[variable], "rb") as file:
            return file.read()

    credentials = grpc.ssl_channel_credentials(content("CA"), content("KEY"), content("CERT"))
    return grpc.secure_channel(os.environ["ADDRESS"], credentials)


def new_id():
    return str(uuid.uuid4())


def expect_refusal(code, call, request):
    try:
        call(request, timeout=TIMEOUT_SECONDS)
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
        details = dict(error.trailing_metadata())["grpc-status-details-bin"]
        assert b"lethe.vault" in details, "every error carries an ErrorInfo of our domain"
        return
    raise AssertionError("not refused")


def make_and_read(vault, email):
    subject = vault.CreateSubject(vault_service_pb2.CreateSubjectRequest(
        parent=PARENT, identifiers=[email], purpose=PURPOSE, request_id=new_id()),
                                  timeout=TIMEOUT_SECONDS)
    data = json.dumps({"name": "Łukasz Dvořák", "plan": {"cents": 1999}}).encode()
    record = vault.CreateRecord(vault_service_pb2.CreateRecordRequest(
        subject=subject_pb2.SubjectRef(name=subject.name),
        record=record_pb2.Record(category="account", data=data), purpose=PURPOSE,
        request_id=new_id()), timeout=TIMEOUT_SECONDS)
    read = vault.GetRecord(vault_service_pb2.GetRecordRequest(name=record.name, purpose=PURPOSE),
                           timeout=TIMEOUT_SECONDS)
    assert read.data == data and read.version == 1
    listed = vault.ListRecords(vault_service_pb2.ListRecordsRequest(
        subject=subject_pb2.SubjectRef(name=subject.name), purpose=PURPOSE),
                               timeout=TIMEOUT_SECONDS)
    assert [one.name for one in listed.records] == [record.name]
    return subject, record


def report_of(rights, subject):
    """The access report, whole: header, data, trailer."""
    chunks = list(rights.GenerateAccessReport(rights_service_pb2.GenerateAccessReportRequest(
        subject=subject_pb2.SubjectRef(name=subject.name), purpose=PURPOSE),
                                              timeout=TIMEOUT_SECONDS))
    assert chunks[0].HasField("header") and chunks[-1].HasField("trailer")
    text = b"".join(chunk.data for chunk in chunks)
    assert len(text) == chunks[-1].trailer.size_bytes
    return json.loads(text)


def main():
    with open_channel() as channel:
        vault = vault_service_pb2_grpc.VaultServiceStub(channel)
        rights = rights_service_pb2_grpc.RightsServiceStub(channel)
        email = subject_pb2.Identifier(type="email", value="łukasz.python@example.org")
        subject, record = make_and_read(vault, email)
        assert "Łukasz Dvořák" in json.dumps(report_of(rights, subject), ensure_ascii=False)

        erasure = rights.EraseSubject(rights_service_pb2.EraseSubjectRequest(
            subject=subject_pb2.SubjectRef(name=subject.name),
            ground=erasure_pb2.ERASURE_GROUND_CONSENT_WITHDRAWN,
            initiator=erasure_pb2.INITIATOR_DATA_SUBJECT, purpose=PURPOSE, request_id=new_id()),
                                      timeout=TIMEOUT_SECONDS)
        assert erasure.records_shredded == 1 and len(erasure.signature) == 64
        expect_refusal(grpc.StatusCode.NOT_FOUND, vault.GetRecord,
                       vault_service_pb2.GetRecordRequest(name=record.name, purpose=PURPOSE))
        expect_refusal(grpc.StatusCode.NOT_FOUND, vault.LookupSubject,
                       vault_service_pb2.LookupSubjectRequest(
                           identifier=subject_pb2.IdentifierRef(
                               parent=PARENT, type=email.type, value=email.value),
                           purpose=PURPOSE))
        expect_refusal(grpc.StatusCode.PERMISSION_DENIED, vault.ListSubjects,
                       vault_service_pb2.ListSubjectsRequest(parent="tenants/other",
                                                             purpose=PURPOSE))
    print("python: create, get, list, report and erase from the proto, over mutual TLS")


if __name__ == "__main__":
    main()
