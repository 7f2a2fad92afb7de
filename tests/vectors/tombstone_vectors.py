"""The file of tombstones: docs/formats-backup.md, section 3."""
import hashlib

from building_blocks import fixed, parts, sealed_value, u8, u32, u64, write
from crypto_vectors import plain_keyring

CHAPTER = fixed("chapter", 16)
SUPPRESSION_KEY = fixed("key 8", 32)
NOW = 1_790_000_000_000
KEYS = {"plain": plain_keyring().hex()}
OTHER_CHAPTER = {"plain": plain_keyring().replace(CHAPTER, fixed("other chapter", 16)).hex()}


def content(time, ended, version=1):
    return (u8(version) + u64(time) + u32(len(ended))
            + b"".join(u8(kind) + fixed(name, 16) for kind, name in ended))


def entries_of(texts, first=1, link=bytes(32)):
    """The sized blobs of the entries from number `first` on."""
    out = []
    for number, text in enumerate(texts, first):
        place = parts("sodality/tombstone/1", CHAPTER, u64(number), link)
        blob = sealed_value(SUPPRESSION_KEY, 1, b"tombstone", place, text, f"tombstone {number}")
        link = hashlib.sha256(blob).digest()
        out.append(u32(len(blob)) + blob)
    return out


def tombstone_vectors():
    header = b"SODTOMB1" + CHAPTER
    told = [(NOW, [(1, "erased"), (2, "device")]), (NOW + 60_000, [(5, "principal")]),
            (NOW + 3_600_000, [])]
    texts = [content(time, ended) for time, ended in told]
    good = entries_of(texts)
    listed = " ".join([f"@{time}" + "".join(f" {kind}/{fixed(name, 16).hex()}"
                                            for kind, name in ended) for time, ended in told])
    lines = {**KEYS, "entries": listed, "torn": 0}

    def case(name, comment, expect, data, **changes):
        write("tombstones", name, comment, expect,
              {**lines, **changes, "tombstones": data.hex()})

    whole = header + b"".join(good)
    case("ok", "an erasure and a device, a suspension, and nothing since", "OK", whole)
    case("ok_empty", "no entry yet", "OK", header, entries="")
    first = listed.split(" @", maxsplit=1)[0]
    case("ok_torn", "the second entry was cut off", "OK", header + good[0] + good[1][:-5],
         entries=first, torn=len(good[1]) - 5)
    case("ok_torn_seal", "the last entry does not open", "OK",
         header + good[0] + good[1][:-1] + bytes([good[1][-1] ^ 1]), entries=first,
         torn=len(good[1]))
    case("ok_zeros", "an append of which the size alone was durable", "OK",
         header + good[0] + bytes(114), entries=first, torn=114)
    case("too_long", "a length that no entry has", "DATA_LOSS",
         header + good[0] + u32((64 << 10) + 1) + good[1][4:])
    case("damaged", "the first entry does not open", "DATA_LOSS",
         header + good[0][:-1] + bytes([good[0][-1] ^ 1]) + b"".join(good[1:]))
    case("reordered", "the first two change places", "DATA_LOSS",
         header + good[1] + good[0] + good[2])
    case("missing", "the first is missing", "DATA_LOSS", header + good[1] + good[2])
    case("other_chapter", "moved to another chapter", "FAILED_PRECONDITION", whole,
         **OTHER_CHAPTER)
    case("newer_file", "format 2", "FAILED_PRECONDITION", b"SODTOMB2" + whole[8:])
    case("newer_entry", "version 2 inside", "FAILED_PRECONDITION",
         header + b"".join(entries_of([content(NOW, [], 2), texts[1]])))
    case("newer_kind", "a kind that there is not", "FAILED_PRECONDITION",
         header + b"".join(entries_of([content(NOW, [(7, "erased")]), texts[1]])))
    case("no_kind", "kind 0", "DATA_LOSS",
         header + b"".join(entries_of([content(NOW, [(0, "erased")]), texts[1]])))
    case("trailing_byte", "a byte too many inside", "DATA_LOSS",
         header + b"".join(entries_of([texts[0] + b"\0", texts[1]])))
    case("no_file", "another file", "DATA_LOSS", b"SODLEDG1" + whole[8:])
