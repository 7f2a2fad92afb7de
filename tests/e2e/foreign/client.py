"""A client in Python that knows the protos and docs/formats-pki.md alone.

  client.py PROTO enrol FOLDER ADDRESS
  client.py PROTO ask FOLDER ADDRESS    a question in JSON on standard input

PROTO holds what `protoc --python_out` made of the protos. See foreign_test.py
for the folder, the questions and the answers.
"""

import json
import pathlib
import re
import sys

import grpc

PROTO, STEP, FOLDER, ADDRESS = sys.argv[1:5]
sys.path.insert(0, PROTO)

# pylint: disable=wrong-import-position
from sodality.v1 import directory_pb2, enrollment_pb2, errors_pb2  # noqa: E402

PATIENCE = 20


def read(name):
    return (pathlib.Path(FOLDER) / name).read_bytes()


def write(name, text):
    (pathlib.Path(FOLDER) / name).write_text(text, encoding="ascii")


def connect(server_name, authority, key, certificate):
    credentials = grpc.ssl_channel_credentials(authority, key, certificate)
    return grpc.secure_channel(ADDRESS, credentials, options=(
        ("grpc.ssl_target_name_override", server_name),))


def call(channel, module, service, method, request):
    [descriptor] = [m for m in module.DESCRIPTOR.services_by_name[service].methods
                    if m.name == method]
    response = getattr(module, descriptor.output_type.name)
    return channel.unary_unary(
        f"/sodality.v1.{service}/{method}",
        request_serializer=type(request).SerializeToString,
        response_deserializer=response.FromString)(request, timeout=PATIENCE)


def enrol():
    invite = read("invite").decode()
    authority, certificate = re.findall(
        r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", invite, re.S)
    key = re.search(r"-----BEGIN PRIVATE KEY-----.*?-----END .*?\n", invite, re.S)[0]
    server_name = re.search(r"^server-name: (.*)$", invite, re.M)[1]
    with connect(server_name, authority.encode(), key.encode(),
                 certificate.encode()) as channel:
        response = call(channel, enrollment_pb2, "EnrollmentService", "Redeem",
                        enrollment_pb2.RedeemRequest(
                            certificate_request=read("device.csr")))
    write("ca.pem", response.ca_certificate)
    write("device.pem", response.certificate)
    write("server-name", server_name)
    return {"principal": response.principal_name, "role": response.role}


def directory(channel, method, request):
    return call(channel, directory_pb2, "DirectoryService", method, request)


def fields_of(member):
    return {field.name: list(field.values) for field in member.fields}


def refusal_of(channel, member_id):
    try:
        directory(channel, "GetMember",
                  directory_pb2.GetMemberRequest(member_id=member_id))
    except grpc.RpcError as error:
        [details] = [value for name, value in error.trailing_metadata()
                     if name == "grpc-status-details-bin"]
        return {"code": error.code().name,
                "reason": errors_pb2.ErrorDetail.FromString(details).reason}
    raise AssertionError("an unknown id was answered")


def look_up(channel, queries):
    """One message with all queries; ends when the server has answered them."""
    method = channel.stream_stream(
        "/sodality.v1.DirectoryService/Lookup",
        request_serializer=directory_pb2.LookupRequest.SerializeToString,
        response_deserializer=directory_pb2.LookupResponse.FromString)
    request = directory_pb2.LookupRequest(queries=queries)
    return {answer.tag: read_answer(answer)
            for response in method(iter([request]), timeout=PATIENCE)
            for answer in response.answers}


def read_answer(answer):
    kind = answer.WhichOneof("answer")
    if kind == "error":
        [code] = [code.name for code in grpc.StatusCode
                  if code.value[0] == answer.error.code]
        return {"code": code}
    members = [answer.get.member] if kind == "get" else answer.search.members
    return {"fields": [fields_of(member) for member in members]}


def ask():
    question = json.load(sys.stdin)
    with connect(read("server-name").decode(), read("ca.pem"), read("device.key"),
                 read("device.pem")) as channel:
        members = directory(channel, "SearchMembers",
                            directory_pb2.SearchMembersRequest(
                                words=[question["word"]],
                                view={"reveal": True})).members
        refused = refusal_of(channel, question["unknown"])
        view = {"reveal": True, "fields": ["email"]}
        answers = look_up(channel, [
            {"tag": 1, "get": {"member_id": members[0].id, "view": view}},
            {"tag": 2, "get": {"member_id": question["unknown"], "view": view}},
            {"tag": 3, "search": {"words": [question["word"]], "view": view}}])
    return {"members": [fields_of(member) for member in members],
            "refused": refused, "answers": answers}


print(json.dumps(enrol() if STEP == "enrol" else ask()))
