"""Writes the first inputs of every fuzz target into tests/fuzz/corpus.

    python3 tests/fuzz/make_corpus.py

The vectors of tests/vectors, the frozen invite, and lines by hand; invented
people only. Inputs that a fuzzer found and that somebody chose to keep lie
beside them under other names and are left alone.
"""
import hashlib
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def put(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode()
    (folder / name).write_bytes(content)


def vectors(kind):
    """Name and keys of each vector of a folder."""
    for path in sorted((ROOT / "tests/vectors" / kind).glob("*.txt")):
        lines = path.read_text().splitlines()
        pairs = (line.split(": ", 1) for line in lines if ": " in line)
        yield path.stem, dict(pairs)


def sealed_formats():
    for name, keys in vectors("record"):
        put("record", name, b"\0" + bytes.fromhex(keys["record"]))
    for name, keys in vectors("row"):
        put("blob", name, b"\0" + bytes.fromhex(keys["sealed"]))
    for name, keys in vectors("keyring"):
        put("keyring", name, b"\2" + bytes.fromhex(keys["keyring"]))
        if keys.get("plain"):
            put("keyring", "plain_" + name, b"\0" + bytes.fromhex(keys["plain"]))


def shares():
    prefix = "sodality-share-1-"
    for name, keys in vectors("share"):
        put("share", name, b"\0" + keys["share"].encode())
        digits = keys["share"].removeprefix(prefix)[:-9]
        if re.fullmatch("([0-9a-f]{2})+", digits):
            put("share", "body_" + name, b"\1" + bytes.fromhex(digits))
    changed("share", "", 2)
    for at in (0, 1, 2, 3, 19, 35, 67, 99, 131):
        put("share", f"changed_at_{at}", bytes([2, at, 0, 1]))
    put("share", "wrapped", b"\0mail\r\n " + prefix.encode() + b"\r\n\t01")


def changes():
    """The valid sample as it is, one bit of it, its end, one byte more."""
    kinds = {"record": 1, "blob": 1, "page_token": 1}
    for target, mode in kinds.items():
        changed(target, "", mode)
    changed("keyring", "plain_", 1)
    changed("keyring", "sealed_", 3)
    changed("ledger", "header_", 1)
    changed("ledger", "sealed_", 3)


def changed(target, prefix, mode):
    for name, edits in {"whole": b"", "bit": b"\x02\0\1", "key": b"\x05\0\1",
                        "cut": b"\x20\0\0", "middle": b"\x50\0\x80"}.items():
        put(target, prefix + "changed_" + name, bytes([mode]) + edits)


def round_trips():
    put("record", "seals_fields", b"\2\0\x05Robin\x10\0\xff\x03abc")
    put("blob", "seals_rows", b"\2\1\0role=coordinator")
    put("page_token", "position", b"\3" + bytes(7) + b"\x14list grants")
    put("page_token", "plain", b"\2\x1a" + b"a" * 26 + b"list grants")
    put("page_token", "empty", b"\2\0list grants")
    put("page_token", "sealed", b"\0AQEBAAAA" + b"A" * 80 + b"==")


def access():
    text = lambda s: len(s).to_bytes(4, "little") + s
    put("access", "principal", b"\1\1" + text(b"Robin Sample") + bytes(30))
    put("access", "suppression", b"\6\1")
    put("access", "flag_of_two",
        b"\1\1" + text(b"Robin Sample") + b"\1\2\0" + bytes(8))
    for table in range(1, 7):
        put("access", f"zeros_{table}", bytes([table, 1]) + bytes(120))


def ledger():
    group = lambda first, *blobs: (
        b"SLG1" + len(blobs).to_bytes(4, "little")
        + sum(4 + len(b) for b in blobs).to_bytes(8, "little")
        + first.to_bytes(8, "little")
        + b"".join(len(b).to_bytes(4, "little") + b for b in blobs))
    block = lambda g: g + bytes(-len(g) % 512)
    two = block(group(7, b"one", b"two")) + block(group(9, b"three"))
    put("ledger", "segment", b"\4" + two)
    put("ledger", "segment_torn", b"\4" + two[:520])
    put("ledger", "segment_gap", b"\4" + bytes(512) + two)
    put("ledger", "segment_empty", b"\4")
    put("ledger", "segment_old_number",
        b"\4" + two + block(group(7, b"again")))


def backup():
    """A mode and a step for the reader; files and a manifest by hand."""
    read = lambda step: bytes([(step - 1) << 2])
    size = lambda n: n.to_bytes(8, "little")
    file = lambda name, content, whole=None: (
        b"\1" + len(name).to_bytes(2, "little") + name
        + size(len(content) if whole is None else whole) + size(len(content))
        + content)
    names = [b"chapter.toml", b"schema.toml", b"ca.pem", b"server.key",
             b"server.pem", b"ledger/seg-00000000000000000001", b"members.db"]
    files = b"".join(file(name, b"x") for name in names)
    manifest = (b"\2\1" + bytes(80) + len(names).to_bytes(4, "little")
                + b"".join(len(name).to_bytes(2, "little") + name + size(1)
                           + hashlib.sha256(b"x").digest() for name in names))
    put("backup", "least", read(3) + files + manifest)
    put("backup", "cut_manifest", read(7) + files + manifest[:-1])
    put("backup", "longer_manifest", read(64) + files + manifest + b"\0")
    put("backup", "no_files", read(1) + b"\2\1" + bytes(84))
    put("backup", "zeros_behind", read(1) + file(names[0], b"x", 1 << 40))
    put("backup", "out", read(2) + file(b"ledger/../x", b"x"))
    put("backup", "twice", read(9) + file(names[0], b"x") * 2)
    put("backup", "unknown", read(9) + file(b"keyring", b"x"))
    put("backup", "no_part", read(1) + b"\3")
    changed("backup", "plain_", 1)
    changed("backup", "head_", 2)
    changed("backup", "chunk_", 3)
    put("backup", "head_keyring", bytes([2, 60, 0, 1]))


def invite():
    header = (ROOT / "tests/crypto/pki/frozen_invite.h").read_text()
    text = re.search(r'R"\((.*)\)"', header, re.S).group(1)
    put("invite", "frozen", text)
    body = text[:text.index("checksum: ")]
    put("invite", "without_checksum", body)
    put("invite", "newer", body.replace("invite-1", "invite-2", 1))
    put("invite", "other_chapter", body.replace("chapter: k7", "chapter: a7"))
    put("invite", "bad_port", body.replace(":7443", ":99999"))


def csv():
    put("csv", "plain", "name,email\nRobin Sample,robin@example.org\n")
    put("csv", "quoted", 'a,b\r\n"x ""y""","line\nbreak"\r\n,\r\n')
    put("csv", "semicolons", "\ufeffa;b;c\n1;2\n1;2;3;;\n")
    put("csv", "tabs", "a\tb\r 1 \t\"\"\r")
    put("csv", "endless_quote", 'a\n"x')
    put("csv", "after_quote", 'a\n"x"y\n')
    put("csv", "too_many", "a,b\n1,2,3\n")
    put("csv", "not_utf8", b"a\n\xff\xfe\n")
    put("csv", "utf16", b"\xff\xfea\0,\0b\0\n\0")
    put("csv", "archive", b"PK\3\4\0\0")
    put("csv", "wide", ",".join(["c"] * 21) + "\n")


def toml():
    put("toml", "map", 'ignore = ["caucus"]\n[columns]\n"Zip" = "postal_code"\n'
        '"Opted out" = { field = "consent_call", refusal = true }\n'
        '"List" = { field = "committees", split = "|" }\n')
    put("toml", "map_twice", '[columns]\n"a" = "x"\n"A" = { field = "y" }\n')
    put("toml", "schema", '[chapter]\nexpected_members = 500\n[[field]]\nid = 1\n'
        'name = "given_name"\nclass = "basic"\ntype = "name"\nindex = true\n'
        '[[field]]\nid = 2\nname = "region"\nclass = "basic"\ntype = "tag"\n'
        'list = true\nscope = true\nindex = true\n')
    put("toml", "broken", 'a = [1, {b = "\\u12"}')


def text():
    for name, asked, value in [
            ("words", "mar gonz", "Mar\u00eda Gonz\u00e1lez"),
            ("apostrophe", "obrien", "Sin\u00e9ad O\u2019Brien-Vale"),
            ("cyrillic", "dmit", "\u0414\u043c\u0438\u0442\u0440\u0438\u0439"),
            ("han", "mao", "\u6bdb\u6cfd\u4e1c"),
            ("email", "Robin@Example.ORG", "robin@b\u00fccher.example"),
            ("phone", "(212) 555-0123", "+1 212 555 0123 ext. 4"),
            ("id", "k7q2m4xw5zt3ybn6c2dfgh7jra", "K7Q2"),
            ("controls", "a\u202eb", "x\x1b[31m\u2028y"),
            ("emoji", "\U0001f469\u200d\U0001f33e", "\ufb01n \u00c5se"),
            ("list", "a; b;;A", "Housing & Labor; housing and labor")]:
        put("text", name, asked + "\0" + value)
    put("text", "not_utf8", b"a\xc3\0\xed\xa0\x80")


def encoded(message, text):
    files = (ROOT / "proto/sodality/v1").glob("*.proto")
    return subprocess.run(
        ["protoc", "--encode=" + message, "-I", str(ROOT / "proto"),
         *sorted(map(str, files)), str(ROOT / "proto/grpc/health/v1/health.proto")],
        input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


# Method, caller (the order of gate_fuzz.cc), request as protobuf text. Ids are
# stand-ins: 26 times one letter.
ADMIN, COORDINATOR, MEMBER, SOURCE, AUDITOR, INVITED = range(6)
M, G, P, D = ('"' + letter * 26 + '"' for letter in "mgpd")
R = '"' + "r" * 25 + "a" + '"'
CALLS = [
    ("GetMember", COORDINATOR, f"member_id: {M} view {{ reveal: true }}"),
    ("GetMember", ADMIN, f'member_id: {M} view {{ fields: "email" }}'),
    ("GetMember", AUDITOR, f"member_id: {M}"),
    ("SearchMembers", COORDINATOR, f'words: "quen" grant_id: {G} page_size: 1'),
    ("SearchMembers", ADMIN, 'words: "q" page_token: "AQEB" country: "de"'),
    ("SearchMembers", COORDINATOR,
     'filters { field: "email" value: "Quillfeather@example.org" }'),
    ("CreateMember", ADMIN, 'fields { name: "given_name" values: "Robin" } '
     f'fields {{ name: "committees" values: "A" values: "B" }} request_id: {R}'),
    ("UpdateMember", ADMIN, f"member_id: {M} revision: 1 request_id: {R} "
     'fields { name: "phone" values: "2125550123" } update_mask: "phone"'),
    ("DeleteMember", ADMIN, f"member_id: {M} request_id: {R}"),
    ("GetSelf", MEMBER, ""),
    ("UpdateSelf", MEMBER, f'revision: 1 request_id: {R} update_mask: "pronouns"'
     ' fields { name: "pronouns" values: "they" }'),
    ("DeleteSelf", MEMBER, f"request_id: {R}"),
    ("Redeem", INVITED, 'certificate_request: "0\\202\\001"'),
    ("Renew", COORDINATOR, 'certificate_request: "0\\003\\002\\001\\005"'),
    ("CreateInvite", ADMIN, 'name: "Robin" role: "coordinator" ttl_seconds: 60 '
     f"request_id: {R}"),
    ("CreateInvite", ADMIN,
     f'name: "Q" role: "member" member_id: {M} request_id: {R}'),
    ("CreateInvite", ADMIN, f'name: "Q" role: "treasurer" request_id: {R}'),
    ("CreateGrant", ADMIN, f'principal: {P} role: "treasurer" request_id: {R}'),
    ("ListPrincipals", ADMIN, ""),
    ("SuspendPrincipal", ADMIN, f"principal: {P} request_id: {R}"),
    ("ListDevices", ADMIN, ""),
    ("RevokeDevice", ADMIN, f"device_id: {D} request_id: {R}"),
    ("CreateGrant", ADMIN, f'principal: {P} role: "coordinator" '
     'scopes { field: "region" value: "North" } classes: "basic" '
     'purpose: "phone bank" not_after: "2100-01-01T00:00:00Z" '
     f"budget {{ per_hour: 5 }} request_id: {R}"),
    ("ListGrants", COORDINATOR, "ending_within_seconds: 1209600"),
    ("RevokeGrant", ADMIN, f"grant_id: {G} request_id: {R}"),
    ("ListEntries", AUDITOR, 'since: "2020-01-01T00:00:00Z" page_size: 3'),
    ("ListEntries", ADMIN, f"member_id: {M} actor: {P} page_token: {M}"),
    ("ListOwnEntries", MEMBER, "page_size: 2"),
    ("GetHead", AUDITOR, ""),
    ("StreamLeaves", AUDITOR, "first: 2"),
    ("GetStatus", MEMBER, ""),
    ("GetSchema", SOURCE, ""),
    ("ListKeys", ADMIN, ""),
    ("RotateKey", ADMIN, f'kind: "wrap" request_id: {R}'),
    ("RotateKey", COORDINATOR, f'kind: "page" request_id: {R}'),
    ("RotateKey", ADMIN, f'kind: "index" request_id: {R}'),
    ("Reencrypt", ADMIN, f"request_id: {R}"),
    ("Reencrypt", COORDINATOR, f"request_id: {R}"),
    ("RegisterApprovalKey", ADMIN, 'public_key: "k" proof: "p"'),
    ("ProposeAct", ADMIN, 'form: "f" signature: "s"'),
    ("ListActs", ADMIN, ""),
    ("ApproveAct", ADMIN, f'act_id: {R} signature: "s"'),
    ("RefuseAct", ADMIN, f"act_id: {R}"),
    ("RefuseAct", COORDINATOR, f"act_id: {R}"),
]
STREAMS = [
    ("DirectoryService/Lookup", "LookupRequest", COORDINATOR, [
        f"queries {{ tag: 1 get {{ member_id: {M} }} }}",
        'queries { tag: 2 search { words: "quen" } }']),
    ("RosterService/PushRoster", "PushRosterRequest", SOURCE, [
        'header { source: "national" fill_blanks: true }',
        'batch { rows { row: 1 fields { name: "external_id" values: "7" } '
        'fields { name: "given_name" values: "Robin" } } }']),
]


def gate():
    services = {}
    for path in sorted((ROOT / "proto/sodality/v1").glob("*.proto")):
        service = re.search(r"^service (\w+)", path.read_text(), re.M)
        for rpc in re.findall(r"rpc (\w+)\(", path.read_text()):
            services[rpc] = service.group(1)
    start = lambda name, caller: (
        bytes([len(name)]) + name.encode() + bytes([caller]))
    for i, (rpc, caller, text) in enumerate(CALLS):
        put("gate", f"{rpc}_{i}", start(f"{services[rpc]}/{rpc}", caller)
            + encoded(f"sodality.v1.{rpc}Request", text))
    for name, message, caller, texts in STREAMS:
        parts = (encoded("sodality.v1." + message, text) for text in texts)
        put("gate", name.split("/")[1], start(name, caller)
            + b"".join(bytes([len(part)]) + part for part in parts))
    put("gate", "HealthCheck", start("Health/Check", MEMBER)
        + encoded("grpc.health.v1.HealthCheckRequest", 'service: "x"'))


if __name__ == "__main__":
    for make in (sealed_formats, shares, changes, round_trips, access, backup, ledger, invite,
                 csv, toml, text, gate):
        make()
