"""The worked examples of docs/formats*.md are what the files of this folder
have, byte for byte, and what the pages derive from them. Every folder has one.

An example is a sentence that ends in "`LINE` of `tests/vectors/FILE`:", then a
block. LINE is one of the file, or of DERIVED below. In the block, words of
hexadecimal digits are bytes, remarks stand behind four spaces, and a line of
dots leaves bytes out. What is no hexadecimal is compared as text.
"""

import base64
import hashlib
import pathlib
import re
import struct
import sys

HERE = pathlib.Path(__file__).parent
PAGES = sorted((HERE.parent.parent / "docs").glob("formats*.md"))
EXAMPLE = re.compile(r"`([\w-]+)` of\s+`tests/vectors/([\w-]+)/([\w-]+)\.txt`[^`]*?:\n\n```\n"
                     r"(.*?)```", re.S)


def read(folder, name):
    text = (HERE / folder / f"{name}.txt").read_text(encoding="utf-8")
    return dict(line.split(": ", 1) for line in text.splitlines())


def parts(domain, *values):
    return b"".join(struct.pack("<I", len(value)) + value
                    for value in (domain.encode(), *values))


def keyed(key, data, size=32):
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def number(vector, name, size):
    return int(vector[name]).to_bytes(size, "little")


def raw(vector, *names):
    return [bytes.fromhex(vector[name]) for name in names]


ONE = b"\1"
# As make_vectors.py draws it; the record holds it wrapped alone.
RECORD_KEY = hashlib.shake_128(b"sodality vector record key").digest(32)


def wrapping(domain, *more):
    def derive(v):
        return parts(domain, ONE, *raw(v, "chapter", "member"), number(v, "revision", 8),
                     number(v, "wrap-key-version", 4), *(one(v) for one in more))
    return derive


def directory(v):
    record, at, out = bytes.fromhex(v["record"]), 112, b""
    while at < len(record):
        out += record[at:at + 6]
        at += 30 + struct.unpack_from("<I", record, at + 2)[0]
    return out


def field_2(v):
    return parts("sodality/field/1", ONE, *raw(v, "chapter", "member"), b"\2\0",
                 number(v, "revision", 8))


def padded_2(v):
    value = v["field-2"].encode()
    return value + b"\x80" + bytes(15 - len(value))


def row_place(v):
    return parts("sodality/row/1", bytes.fromhex(v["chapter"]), number(v, "table", 2),
                 bytes.fromhex(v["row"]), number(v, "row-version", 8))


def row_bound_to(v):
    return parts("sodality/blob/1", ONE, number(v, "state-key-version", 4), b"row",
                 row_place(v))


def token_hash(v):
    subkey = keyed(bytes.fromhex(v["index-key"]),
                   parts("sodality/token-key/1", number(v, "slot", 2)))
    return keyed(subkey, v["value"].encode(), 16)


def slot_bound_to(v):
    slot = bytes.fromhex(v["keyring"])[19:]
    return parts("sodality/keyring-slot/1", ONE, slot[:1], slot[1:5], slot[5:9], slot[9:25])


def box_bound_to(v):
    box = bytes.fromhex(v["box"])
    return parts("sodality/passphrase-box/1", ONE, v["purpose"].encode(), box[2:6], box[6:10],
                 box[10:26])


def part_place(v):
    return parts("sodality/ledger-part/1", bytes.fromhex(v["tag"]))


def head_message(v):
    descent = [bytes.fromhex(v[name]) for name in ("incarnation", "parent") if name in v]
    return parts("sodality/ledger-head/2" if descent else "sodality/ledger-head/1",
                 bytes.fromhex(v["chapter"]), number(v, "head-number", 8),
                 bytes.fromhex(v["head-leaf"]), number(v, "head-revision", 8), *descent)


def change_message(v):
    return parts("sodality/ledger-sign-keys/1", *raw(v, "chapter", "old-key-1", "new-key-1"),
                 number(v, "change-number-1", 8))


def leaf(v):
    return hashlib.sha256(b"\0" + b"".join(raw(v, "header", "commitments"))).digest()


def draft_place(v):
    return parts("sodality/ledger-draft/1", bytes.fromhex(v["plain"])[1:17])


def keyed_digest(key, domain, *items):
    part_key = keyed(key, parts("sodality/part/1"))
    return keyed(key, parts(domain, *(item.to_bytes(8, "little") if isinstance(item, int)
                                      else keyed(part_key, item.encode()) for item in items)))


def question(v):
    words, fields = v["words"].split(), v["fields"].split()
    filters = v["filters"].split()
    pairs = [item for one in filters for item in one.split("=")]
    return keyed_digest(bytes.fromhex(v["question-key"]), "question", len(words), *words,
                        len(filters), *pairs, int(v["reveal"]), len(fields), *fields,
                        v["country"])


def page_place(v):
    return parts("sodality/page-token/1", *raw(v, "principal", "grant"),
                 number(v, "grant-version", 8), question(v))


DERIVED = {
    ("record", "B"): wrapping("sodality/wrapped-key/1"),
    ("record", "C"): wrapping("sodality/record-commitment/1", directory),
    ("record", "F"): field_2,
    ("record", "padded"): padded_2,
    ("record", "record-key"): lambda v: RECORD_KEY,
    ("record", "subkeys"): lambda v: keyed(RECORD_KEY, parts("sodality/record-subkeys/1"), 64),
    ("row", "ad"): row_bound_to,
    ("token", "hash"): token_hash,
    ("keyring", "S"): slot_bound_to,
    ("passphrase-box", "P"): box_bound_to,
    ("share", "body"): lambda v: bytes.fromhex(v["share"].split("-")[3]),
    ("ledger-part", "place"): part_place,
    ("ledger-entry", "leaf"): leaf,
    ("ledger-chain", "message"): head_message,
    ("ledger-chain", "change"): change_message,
    ("ledger-draft", "place"): draft_place,
    ("page-token", "digest"): question,
    ("page-token", "place"): page_place,
    ("page-token", "bytes"): lambda v: base64.urlsafe_b64decode(v["token"]),
}


def shown(block):
    """The runs of bytes that a block shows; None when it is text."""
    runs = [b""]
    for line in block.strip("\n").splitlines():
        if line.strip() == "...":
            runs.append(b"")
            continue
        words = re.split(r"\s{4,}", line.strip())[0].split()
        if not all(re.fullmatch(r"([0-9a-f]{2})+", word) for word in words):
            return None
        runs[-1] += bytes.fromhex("".join(words))
    return runs


def in_order(runs, whole):
    """The first run begins the whole, the last ends it, the others lie between."""
    if not whole.startswith(runs[0]) or not whole.endswith(runs[-1]):
        return False
    if len(runs) == 1:
        return whole == runs[0]
    at = 0
    for run in runs:
        found = whole.find(run, at)
        if found < 0:
            return False
        at = found + len(run)
    return True


def is_so(block, value):
    runs = shown(block)
    if runs is not None and isinstance(value, bytes):
        return in_order(runs, value)
    text = value.decode() if isinstance(value, bytes) else value
    return in_order(re.split(r"^\.\.\.\n", block, flags=re.M), text + "\n"
                    if not text.endswith("\n") else text)


def value_of(folder, vector, line):
    if (folder, line) in DERIVED:
        value = DERIVED[folder, line](vector)
        # What the file has as well has to be the same.
        return value if vector.get(line, value.hex()) == value.hex() else b""
    text = vector[line]
    return bytes.fromhex(text) if re.fullmatch(r"([0-9a-f]{2})+", text) else text


def faults():
    """Yields each statement that is not so."""
    seen = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        examples = EXAMPLE.findall(text)
        if len(examples) != text.count("of `tests/vectors/"):
            yield f"docs/{page.name}: a file is named, and no block follows"
        for line, folder, name, block in examples:
            seen.add(folder)
            if not is_so(block, value_of(folder, read(folder, name), line)):
                yield f"docs/{page.name}: `{line}` of {folder}/{name}.txt is another"
    for folder in sorted(path.name for path in HERE.iterdir() if path.is_dir()):
        if folder not in seen and folder != "__pycache__":
            yield f"docs: no example of {folder}"


found_faults = list(faults())
for fault in found_faults:
    print(fault, file=sys.stderr)
sys.exit(1 if found_faults else 0)
