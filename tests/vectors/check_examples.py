"""The worked example of docs/formats.md is what tests/vectors/record/ok.txt has,
byte for byte, and its derived values are what the page says they come from.
"""

import hashlib
import pathlib
import re
import struct
import sys

HERE = pathlib.Path(__file__).parent
PAGE = (HERE.parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("### A worked example")[1].split("\n## ")[0]
VECTOR = dict(line.split(": ", 1) for line in
              (HERE / "record" / "ok.txt").read_text(encoding="utf-8")
              .splitlines())
# As make_vectors.py draws it; the vector itself holds it wrapped alone.
RECORD_KEY = hashlib.shake_128(b"sodality vector record key").digest(32)


def hexadecimal(block):
    """All bytes of a block: the words of hexadecimal digits at the head of each
    line, after a name that is none, up to the first line that is only dots."""
    digits = ""
    for line in block.strip().splitlines():
        if line == "...":
            break
        line = re.sub(r"^(padded|F) +", "", line.strip())
        words = re.split(r"\s{4,}", line)[0].split()
        digits += "".join(word for word in words
                          if re.fullmatch(r"([0-9a-f]{2})+", word))
    return bytes.fromhex(digits)


def parts(domain, *values):
    return b"".join(struct.pack("<I", len(value)) + value
                    for value in (domain.encode(), *values))


def abbreviated(data):
    return f"`{data.hex()[:8]}...{data.hex()[-6:]}`"


def faults():
    """Yields each statement of the example that is not so."""
    record = bytes.fromhex(VECTOR["record"])
    first, second = re.findall(r"```\n(.*?)```", EXAMPLE, re.S)
    shown = hexadecimal(first)
    if len(shown) < 150 or not record.startswith(shown):
        yield "the bytes are not those of record/ok.txt"
    facts = (f"{len(record)} bytes, wrap-key version "
             f"{VECTOR['wrap-key-version']}, revision {VECTOR['revision']}:")
    if facts not in EXAMPLE:
        yield f"it does not say: {facts}"
    both = hashlib.blake2b(parts("sodality/record-subkeys/1"), key=RECORD_KEY,
                           digest_size=64).digest()
    for name, value in (("record key", RECORD_KEY), ("commit", both[:32]),
                        ("seal", both[32:])):
        if abbreviated(value) not in " ".join(EXAMPLE.split()):
            yield f"the {name} is {abbreviated(value)}"
    yield from faults_of_field(second)


def faults_of_field(block):
    value = VECTOR["field-2"].encode()
    padded = value + b"\x80" + bytes(15 - len(value))
    binding = parts("sodality/field/1", b"\1", bytes.fromhex(VECTOR["chapter"]),
                    bytes.fromhex(VECTOR["member"]), struct.pack("<H", 2),
                    struct.pack("<Q", int(VECTOR["revision"])))
    if hexadecimal(block) != padded + binding:
        yield "padded value and F of field 2 are others"
    if directory() not in EXAMPLE:
        yield f"the directory is {directory()}"


def directory():
    """Ids and lengths of the fields, as the page writes them."""
    record, at, entries = bytes.fromhex(VECTOR["record"]), 112, []
    while at < len(record):
        _, size = struct.unpack_from("<HI", record, at)
        entries.append(f"{record[at:at + 2].hex()} {record[at + 2:at + 6].hex()}")
        at += 2 + 4 + 24 + size
    return f"`{'  '.join(entries)}`"


found = list(faults())
for fault in found:
    print(f"docs/formats.md: {fault}", file=sys.stderr)
sys.exit(1 if found else 0)
