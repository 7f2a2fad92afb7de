"""The formats of crypto/: docs/formats.md, sections 1 to 7."""
import hashlib
import struct

from building_blocks import (argon2id, fixed, keyed_hash, pad, parts, seal, sealed_value,
                             subkeys, u8, u16, u32, u64, write)


# Section 1: padding.
def padding_vectors():
    def case(name, comment, padded, text=b"", expect="DATA_LOSS"):
        write("padding", name, comment, expect,
              {"padded": padded.hex(), "text": text.hex()})

    for size in (0, 15, 16, 511, 512):
        case(f"ok_{size}_bytes", "the edge of a bucket", pad(b"x" * size), b"x" * size, "OK")
    case("ok_marker_in_text", "text that looks like padding", pad(b"a\x80\0\0"),
         b"a\x80\0\0", "OK")
    case("no_bytes", "nothing at all", b"")
    case("no_marker", "zeros alone", b"\0" * 16)
    case("no_zeros", "text to the end", b"x" * 16)
    case("dirty_zeros", "a byte behind the marker", b"text\x80\0\0\1" + b"\0" * 8)
    case("no_bucket", "48 bytes are no bucket", b"x" * 40 + b"\x80" + b"\0" * 7)
    case("wider_bucket", "32 bytes where 16 hold it", b"text\x80" + b"\0" * 27)


# Section 2: the record.
class Record:
    def __init__(self):
        self.chapter = fixed("chapter", 16)
        self.member = fixed("member", 16)
        self.revision = 3
        self.wrap_key = fixed("wrap key", 32)
        self.version = 7
        self.record_key = fixed("record key", 32)
        self.fields = {2: "Nour Haddad".encode(), 9: b"nour@example.org",
                       300: "Zażółć gęślą jaźń, 東京".encode()}

    def binding(self):
        return (u8(1), self.chapter, self.member, u64(self.revision), u32(self.version))

    def sealed_fields(self, padding=pad):
        _, seal_key = subkeys(self.record_key, "sodality/record-subkeys/1")
        out = []
        for field, value in sorted(self.fields.items()):
            bound_to = parts("sodality/field/1", u8(1), self.chapter, self.member,
                             u16(field), u64(self.revision))
            nonce = fixed(f"field {field}", 24)
            out.append((field, nonce, seal(seal_key, nonce, bound_to, padding(value))))
        return out

    def head(self, sealed_fields):
        commit_key, _ = subkeys(self.record_key, "sodality/record-subkeys/1")
        directory = b"".join(u16(f) + u32(len(s)) for f, _, s in sealed_fields)
        commitment = keyed_hash(commit_key, parts("sodality/record-commitment/1",
                                                  *self.binding(), directory), 32)
        nonce = fixed("wrap nonce", 24)
        box = seal(self.wrap_key, nonce, parts("sodality/wrapped-key/1", *self.binding()),
                   self.record_key)
        return (u8(1) + u8(1) + u32(self.version) + u16(len(sealed_fields)) + nonce + box
                + commitment)

    @staticmethod
    def join(head, sealed_fields):
        return head + b"".join(u16(f) + u32(len(s)) + n + s for f, n, s in sealed_fields)

    def bytes(self):
        fields = self.sealed_fields()
        return self.join(self.head(fields), fields)

    def lines(self, data):
        out = {"chapter": self.chapter.hex(), "member": self.member.hex(),
               "revision": self.revision, "wrap-key": self.wrap_key.hex(),
               "wrap-key-version": self.version, "record": data.hex()}
        for field, value in self.fields.items():
            out[f"field-{field}"] = value.decode()
        return out


def record_vectors():
    r = Record()
    good = r.bytes()
    fields = r.sealed_fields()
    head = r.head(fields)

    def bad(name, comment, data, expect="DATA_LOSS", **changes):
        write("record", name, comment, expect, {**r.lines(data), **changes})

    write("record", "ok", "three fields, one beyond ASCII", "OK", r.lines(good))
    empty = Record()
    empty.fields = {}
    write("record", "ok_no_fields", "a record without fields", "OK",
          empty.lines(empty.bytes()))
    long = Record()
    long.fields = {1: b"x" * 511, 2: b"y" * 512, 3: b""}
    write("record", "ok_bucket_edges", "values at the edges of buckets", "OK",
          long.lines(long.bytes()))
    bad("moved_member", "the record of another member", good,
        member=fixed("other member", 16).hex())
    bad("moved_chapter", "the record of another chapter", good,
        chapter=fixed("other chapter", 16).hex())
    bad("older_revision", "an old record put back", good, revision=2)
    bad("wrong_wrap_key", "another wrap key", good,
        **{"wrap-key": fixed("other wrap key", 32).hex()})
    bad("wrong_version", "the header names another version of the wrap key",
        good[:2] + u32(8) + good[6:])
    bad("wrong_commitment", "one bit of the commitment differs",
        good[:80] + bytes([good[80] ^ 1]) + good[81:])
    bad("dropped_field", "the last field is gone and the count agrees",
        Record.join(head[:6] + u16(2) + head[8:], fields[:2]))
    bad("swapped_fields", "two ciphertexts of one length under each other's id",
        swap_fields(r))
    bad("out_of_order", "ids do not ascend",
        Record.join(head, [fields[1], fields[0], fields[2]]))
    bad("truncated", "the last byte is gone", good[:-1])
    bad("trailing_byte", "a byte too many", good + b"\0")
    bad("too_short", "less than a header", good[:7])
    bad("newer_format", "format 2", b"\2" + good[1:], "FAILED_PRECONDITION")
    bad("newer_algorithm", "algorithm 2", good[:1] + b"\2" + good[2:],
        "FAILED_PRECONDITION")
    no_marker = r.sealed_fields(lambda v: v + b"\0" * (64 - len(v)))
    bad("bad_padding", "sealed by a writer that does not pad",
        Record.join(r.head(no_marker), no_marker))
    wide = r.sealed_fields(lambda v: v + b"\x80" + b"\0" * (127 - len(v)))
    bad("wrong_bucket", "padded to a larger bucket than needed",
        Record.join(r.head(wide), wide))


def swap_fields(record):
    record = Record()
    record.fields = {2: b"Nour", 9: b"Bo", 300: b"Lee"}
    fields = record.sealed_fields()
    head = record.head(fields)
    (a, an, ac), (b, bn, bc) = fields[:2]
    return Record.join(head, [(a, bn, bc), (b, an, ac), fields[2]])


# Section 3: sealed values; an access row is one.
def row_vectors():
    key, version = fixed("state key", 32), 4
    chapter, row = fixed("chapter", 16), fixed("row", 16)
    table, row_version, text = 2, 12, b"role=coordinator"
    place = parts("sodality/row/1", chapter, u16(table), row, u64(row_version))
    good = sealed_value(key, version, b"row", place, text, "row")
    lines = {"chapter": chapter.hex(), "table": table, "row": row.hex(),
             "row-version": row_version, "state-key": key.hex(),
             "state-key-version": version, "sealed": good.hex(), "plaintext": text.decode()}

    def bad(name, comment, expect="DATA_LOSS", **changes):
        write("row", name, comment, expect, {**lines, **changes})

    write("row", "ok", "a grant's row", "OK", lines)
    bad("other_table", "moved to another table", table=3)
    bad("other_row", "moved to another row", row=fixed("other row", 16).hex())
    bad("older_version", "an old row put back", **{"row-version": 11})
    bad("wrong_key", "another state key", **{"state-key": fixed("other", 32).hex()})
    bad("other_key_version", "the reader expects another version",
        "FAILED_PRECONDITION", **{"state-key-version": 5})
    bad("truncated", "the last byte is gone", sealed=good[:-1].hex())
    bad("newer_format", "format 2", "FAILED_PRECONDITION", sealed=(b"\2" + good[1:]).hex())


# Section 4: tokens.
def token_vectors():
    key = fixed("index key", 32)
    for name, slot, bits, value in (("word", 4, 12, "gonzalez"), ("full", 4, 32, "gonzalez"),
                                    ("other_slot", 5, 32, "gonzalez"),
                                    ("no_bits", 4, 0, "gonzalez"),
                                    ("beyond_ascii", 4, 20, "東京")):
        subkey = keyed_hash(key, parts("sodality/token-key/1", u16(slot)), 32)
        low = struct.unpack("<I", keyed_hash(subkey, value.encode(), 16)[:4])[0]
        write("token", name, f"{bits} bits of slot {slot}", "OK",
              {"index-key": key.hex(), "version": 3, "slot": slot, "bits": bits,
               "value": value, "token": low & ((1 << bits) - 1)})


# Section 5: the keyring.
KEY_SIZES = {1: 48, 2: 32, 3: 32, 4: 32, 5: 32, 6: 32, 7: 32, 8: 32}


def plain_keyring():
    entries = [(kind, 1, 2, fixed(f"key {kind}", size)) for kind, size in KEY_SIZES.items()]
    entries[1:2] = [(2, 1, 4, b""), (2, 2, 3, fixed("wrap 2", 32)), (2, 3, 2, fixed("wrap 3", 32))]
    entries.append((9, 1, 2, fixed("pkcs8", 138)))
    out = u8(1) + fixed("chapter", 16) + u64(9) + u16(len(entries))
    for kind, version, state, key in entries:
        index = u16(4) + u8(12) + u8(9) if kind == 3 else b"\0" * 4
        out += (u8(kind) + u32(version) + u8(state) + u64(1_790_000_000_000) + index
                + u32(len(key)) + key)
    return out


def keyring_slot(root, facts, file_key, name):
    """`facts`: the custody, two numbers, and 16 bytes."""
    custody, first, second, data = facts
    commit_key, seal_key = subkeys(root, "sodality/root-subkeys/1")
    bound_to = parts("sodality/keyring-slot/1", u8(1), u8(custody), u32(first), u32(second),
                     data)
    nonce = fixed(f"slot nonce {name}", 24)
    return (u8(custody) + u32(first) + u32(second) + data
            + keyed_hash(commit_key, bound_to, 32) + nonce
            + seal(seal_key, nonce, bound_to, file_key))


def root_text(root):
    prefix = "sodality-root-1-"
    checksum = hashlib.sha256(prefix.encode() + root).hexdigest()[:8]
    return f"{prefix}{root.hex()}-{checksum}"


def keyring_vectors():
    root, file_key, plain = fixed("root", 32), fixed("file key", 32), plain_keyring()
    passphrase, salt = b"three small invented words", fixed("salt", 16)
    derived = argon2id(passphrase, salt, 1, 64)
    by_file = keyring_slot(root, (1, 0, 0, b"\0" * 16), file_key, "file")
    by_words = keyring_slot(derived, (2, 1, 64, salt), file_key, "words")

    def keyring(*slots, body=plain):
        head = b"sodality-keyring" + u8(1) + u8(1) + u8(len(slots)) + b"".join(slots)
        nonce = fixed("body nonce", 24)
        return head + nonce + seal(file_key, nonce, parts("sodality/keyring/1", head), body)

    one, both = keyring(by_file), keyring(by_file, by_words)
    with_key = {"root-key": root_text(root), "plain": plain.hex()}
    with_words = {"passphrase": passphrase.decode(), "plain": plain.hex()}

    def case(name, comment, expect, data, lines):
        write("keyring", name, comment, expect, {**lines, "keyring": data.hex()})

    case("ok_key_file", "one root key, from a file", "OK", one, with_key)
    case("ok_two_roots_key", "two roots, opened by the file", "OK", both, with_key)
    case("ok_two_roots_passphrase", "two roots, opened by the passphrase", "OK", both,
         with_words)
    case("wrong_root_key", "another root key", "PERMISSION_DENIED", one,
         {**with_key, "root-key": root_text(fixed("other root", 32))})
    case("wrong_passphrase", "another passphrase", "PERMISSION_DENIED", both,
         {**with_words, "passphrase": "three small wrong words"})
    case("no_passphrase_slot", "a passphrase where a key file is meant",
         "FAILED_PRECONDITION", one, with_words)
    case("damaged_body", "the last byte differs", "DATA_LOSS",
         one[:-1] + bytes([one[-1] ^ 1]), with_key)
    case("dropped_slot", "the second slot is cut out", "DATA_LOSS",
         both[:18] + u8(1) + both[19:19 + 129] + both[19 + 258:], with_key)
    case("no_active_wrap_key", "a writer's fault: the wrap key is retired", "DATA_LOSS",
         keyring(by_file, body=plain.replace(u8(2) + u32(3) + u8(2), u8(2) + u32(3) + u8(3))),
         with_key)
    case("newer_format", "format 2", "FAILED_PRECONDITION", one[:16] + b"\2" + one[17:],
         with_key)
    case("root_key_typo", "one digit of the key file differs", "INVALID_ARGUMENT", one,
         {**with_key, "root-key": root_text(root)[:-1] + "x"})


# Section 6: the passphrase box.
def passphrase_box(passphrase, purpose, text, salt=fixed("box salt", 16)):
    key = argon2id(passphrase, salt, 2, 128)
    commit_key, seal_key = subkeys(key, "sodality/passphrase-box-subkeys/1")
    bound_to = parts("sodality/passphrase-box/1", u8(1), purpose, u32(2), u32(128), salt)
    nonce = fixed("box nonce", 24)
    return (u8(1) + u8(1) + u32(2) + u32(128) + salt + keyed_hash(commit_key, bound_to, 32)
            + nonce + seal(seal_key, nonce, bound_to, pad(text)))


def box_vectors():
    passphrase, purpose = b"three small invented words", b"device-key"
    text = b"a P-256 key would stand here"
    good = passphrase_box(passphrase, purpose, text)
    lines = {"passphrase": passphrase.decode(), "purpose": purpose.decode(),
             "plaintext": text.decode(), "box": good.hex()}

    def bad(name, comment, expect, **changes):
        write("passphrase-box", name, comment, expect, {**lines, **changes})

    write("passphrase-box", "ok", "a device's key", "OK", lines)
    bad("wrong_passphrase", "another passphrase", "PERMISSION_DENIED",
        passphrase="three small wrong words")
    bad("wrong_purpose", "a box made for something else", "PERMISSION_DENIED",
        purpose="replica")
    bad("cheaper", "a pass fewer in the header", "PERMISSION_DENIED",
        box=(good[:2] + u32(1) + good[6:]).hex())
    bad("absurd_memory", "asks for 4 TiB", "DATA_LOSS",
        box=(good[:6] + u32(0xFFFFFFFF) + good[10:]).hex())
    bad("damaged", "the last byte differs", "DATA_LOSS",
        box=(good[:-1] + bytes([good[-1] ^ 1])).hex())
    bad("newer_format", "format 2", "FAILED_PRECONDITION", box=(b"\2" + good[1:]).hex())


def crypto_vectors():
    padding_vectors()
    record_vectors()
    row_vectors()
    token_vectors()
    keyring_vectors()
    box_vectors()
