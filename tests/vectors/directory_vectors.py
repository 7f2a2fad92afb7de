"""The formats of the directory: docs/formats-directory.md, and the access rows
and digest row of docs/formats-ledger.md."""
import base64

from building_blocks import (fixed, flip, keyed_hash, parts, sealed_value, sized, u8, u16,
                             u32, u64, write)
from crypto_vectors import plain_keyring

CHAPTER = fixed("chapter", 16)
STATE_KEY = fixed("key 4", 32)
SUPPRESSION_KEY = fixed("key 8", 32)
KEYS = {"plain": plain_keyring().hex()}
OTHER_CHAPTER = {"plain": plain_keyring().replace(CHAPTER, fixed("other chapter", 16)).hex()}
NOW = 1_790_000_000_000


# Section 1: field values.
def value_vectors():
    def case(name, comment, encoded, values=None):
        lines = {f"value-{at}": value.decode() for at, value in enumerate(values or [], 1)}
        write("field-value", name, comment, "OK" if values else "DATA_LOSS",
              {"encoded": encoded.hex(), **lines})

    def encode(values):
        return u8(len(values)) + b"".join(u16(len(v)) + v for v in values)

    for name, values in (("phone", [b"+12125550123"]), ("tags", [b"Housing", b"Labor"]),
                         ("beyond_ascii", ["Núria, 東京".encode()]), ("full", [b"x"] * 64)):
        case(f"ok_{name}", f"{len(values)} of them", encode(values), values)
    case("no_bytes", "nothing at all", b"")
    case("no_values", "a count of 0", u8(0))
    case("trailing_byte", "a byte behind the last value", encode([b"Labor"]) + b"\0")
    case("fewer_values", "a count above what follows", u8(2) + encode([b"Labor"])[1:])
    case("cut_value", "the last byte is gone", encode([b"Housing", b"Labor"])[:-1])


# Section 3: keyed digests, remembered requests.
def keyed_digest(key, domain, *items):
    part_key = keyed_hash(key, parts("sodality/part/1"), 32)
    return keyed_hash(key, parts(domain, *(u64(item) if isinstance(item, int)
                                           else keyed_hash(part_key, item, 32)
                                           for item in items)), 32)


def request_vectors():
    key = keyed_hash(STATE_KEY, parts("sodality/request-id/1"), 32)
    principal, request = fixed("principal", 16), fixed("request", 16)
    row = keyed_hash(key, parts("sodality/request-key/1", principal, request), 16)
    content = keyed_digest(key, "create-member", b"Nour", 2, b"")
    answer = fixed("member", 16) + u64(1)

    def seal(text, place=row, purpose=b"request"):
        return sealed_value(STATE_KEY, 1, purpose, parts("sodality/request/1", place), text,
                            "request").hex()

    lines = {**KEYS, "principal": principal.hex(), "request": request.hex(), "row": row.hex(),
             "act": "create-member", "content": content.hex(), "text-1": "Nour", "number-2": 2,
             "text-3": "", "sealed": seal(content + answer), "answer": answer.hex()}

    def bad(name, comment, expect="DATA_LOSS", **changes):
        write("request", name, comment, expect, {**lines, **changes})

    write("request", "ok", "a member was made", "OK", lines)
    write("request", "ok_no_answer", "an act that answers nothing", "OK",
          {**lines, "sealed": seal(content), "answer": ""})
    bad("other_content", "the id was used for something else", "INVALID_ARGUMENT",
        sealed=seal(fixed("content", 32) + answer))
    bad("other_row", "moved from another request",
        sealed=seal(content + answer, fixed("row", 16)))
    bad("other_purpose", "sealed as an access row",
        sealed=seal(content + answer, purpose=b"row"))
    bad("short_inside", "less than a digest inside", sealed=seal(content[:31]))
    bad("forged", "the last bit differs",
        sealed=flip(bytes.fromhex(lines["sealed"]), -1).hex())


# Section 4: page tokens.
class Question:
    def __init__(self):
        self.words, self.filters = [b"maria", b"gonz"], [("region", b"Bronx")]
        self.reveal, self.fields, self.country = 1, ["phone"], "US"
        self.principal, self.grant, self.epoch = fixed("principal", 16), fixed("grant", 16), 3
        self.key, self.question_key = fixed("page key", 32), fixed("question key", 32)

    def digest(self):
        items = [len(self.words), *self.words, len(self.filters)]
        for field, value in self.filters:
            items += [field.encode(), value]
        items += [self.reveal, len(self.fields), *map(str.encode, self.fields)]
        return keyed_digest(self.question_key, "question", *items, self.country.encode())

    def token(self, after=fixed("member", 16), expires=NOW + 3_600_000, inside=b"",
              purpose=b"page-token"):
        place = parts("sodality/page-token/1", self.principal, self.grant, u64(self.epoch),
                      self.digest())
        return sealed_value(self.key, 1, purpose, place, after + u64(expires) + inside, "page")

    def lines(self):
        return {"question-key": self.question_key.hex(), "page-key": self.key.hex(),
                "nonce": fixed("page nonce", 24).hex(), "principal": self.principal.hex(),
                "grant": self.grant.hex(), "grant-version": self.epoch,
                "words": b" ".join(self.words).decode(),
                "filters": " ".join(f"{f}={v.decode()}" for f, v in self.filters),
                "reveal": self.reveal, "fields": " ".join(self.fields),
                "country": self.country, "now": NOW}


def page_vectors():
    asked = Question()

    def case(name, comment, expect, sealed, **changes):
        text = base64.urlsafe_b64encode(sealed).decode()
        write("page-token", name, comment, expect,
              {**asked.lines(), "token": text, "after": fixed("member", 16).hex(), **changes})

    def bad(name, comment, sealed=asked.token(), **changes):
        case(name, comment, "INVALID_ARGUMENT", sealed, **changes)

    case("ok", "as a search for two words gives it", "OK", asked.token())
    case("ok_last_moment", "a millisecond before its end", "OK", asked.token(),
         now=NOW + 3_599_999)
    bad("expired", "at its end", now=NOW + 3_600_000)
    bad("other_process", "under the key of another life", **{"page-key": fixed("k", 32).hex()})
    bad("other_principal", "another caller", principal=fixed("other", 16).hex())
    bad("other_grant", "another grant", grant=fixed("other", 16).hex())
    bad("other_epoch", "the grant was changed", **{"grant-version": 4})
    bad("fewer_words", "a word fewer", words="maria")
    bad("joined_words", "one word for two", words="mariagonz")
    bad("reordered_words", "words in another order", words="gonz maria")
    bad("other_filter", "another value of a filter", filters="region=Queens")
    bad("other_filter_field", "the value in another field", filters="committees=Bronx")
    bad("fewer_filters", "a filter fewer", filters="")
    bad("masked", "without reveal", reveal=0)
    bad("other_fields", "another field", fields="email")
    bad("other_country", "phones of another country", country="FR")
    bad("other_purpose", "sealed as an access row", asked.token(purpose=b"row"))
    bad("trailing_byte", "a byte too many inside", asked.token(inside=b"\0"))
    bad("truncated", "the last byte is gone", asked.token()[:-1])
    bad("forged", "the last bit differs", flip(asked.token(), -1))
    bad("newer_format", "format 2", u8(2) + asked.token()[1:])
    bad("newer_key", "names key version 2", asked.token()[:2] + u32(2) + asked.token()[6:])
    bad("no_base64", "other letters", token="%%%%")
    bad("no_token", "nothing at all", b"")


# Section 5: suppressions.
def suppression_vectors():
    key = keyed_hash(SUPPRESSION_KEY, parts("sodality/suppression/1"), 32)
    for name, spelled, normalised in (("lower", "an-1042", "an-1042"),
                                      ("upper", "AN-1042", "an-1042"),
                                      ("other", "an-1043", "an-1043")):
        row = keyed_hash(key, parts("sodality/suppressed/1", normalised.encode()), 16)
        write("suppression", name, f"the external id {spelled}", "OK",
              {**KEYS, "external-id": spelled, "row": row.hex()})
    for kind, contact, word in (("email", b"maria@x.org", b"maria"),
                                ("phone", b"+12125550123", b"maria"),
                                ("phone", b"+12125550123", b"")):
        of = (kind.encode(), contact)
        row = keyed_hash(key, parts("sodality/suppressed-contact/1", *of), 16)
        name_row = keyed_hash(key, parts("sodality/suppressed-name/1", *of, word), 16)
        write("suppression", f"{kind}{'' if word else '_no_name'}",
              f"the contact {contact.decode()}, alone and with a name's word", "OK",
              {**KEYS, "kind": kind, "contact": contact.decode(), "word": word.decode(),
               "row": row.hex(), "name-row": name_row.hex()})


# Section 6: what the database packs into integers.
def packing_vectors():
    def packed(*tokens):
        return b"".join((version << 48 | slot << 32 | bits).to_bytes(8, "big")
                        for version, slot, bits in tokens)

    def case(name, comment, expect, data, tokens=""):
        member = fixed("member", 16)
        write("packing", name, comment, expect,
              {"tokens": tokens, "packed": data.hex(), "member": member.hex(),
               "row-key": int.from_bytes(member[:8], "big") >> 1})

    one, two = (1, 4, 3926), (1, 8, 5)
    case("ok", "two tokens of a member", "OK", packed(one, two), "1/8/5 1/4/3926 1/8/5")
    case("ok_none", "a member without tokens", "OK", b"")
    case("ok_largest", "the largest parts", "OK", packed(one, (32767, 65535, 0xFFFFFFFF)),
         "32767/65535/4294967295 1/4/3926")
    case("unsorted", "in falling order", "DATA_LOSS", packed(two, one))
    case("repeated", "one token twice", "DATA_LOSS", packed(one, one))
    case("cut", "the last byte is gone", "DATA_LOSS", packed(one, two)[:-1])


# Access rows.
def access_rows():
    grant = (fixed("principal", 16) + u8(2) + u32(2)
             + u16(14) + sized(b"North") + sized(b"north")
             + u16(15) + sized(b"Housing") + sized(b"housing")
             + u8(2) + u8(1) + u8(2) + sized(b"phone bank") + u64(NOW) + u64(NOW + 1000)
             + u32(30) + u32(100) + u32(500) + u8(0) + fixed("admin", 16))
    yield "principal", 1, (sized("Núria".encode()) + u8(3) + u8(1) + u8(1)
                           + fixed("member", 16) + u64(NOW))
    yield "principal_no_member", 1, sized(b"Nour") + u8(2) + u8(0) + u8(0) + u64(NOW)
    yield "device", 2, (fixed("principal", 16) + u8(2) + fixed("one", 32) + u64(NOW)
                        + fixed("two", 32) + u64(NOW + 5) + u64(NOW - 5) + u8(0))
    yield "grant", 3, grant
    yield "invite", 4, (fixed("principal", 16) + fixed("certificate", 32) + fixed("spki", 32)
                        + u64(NOW) + u8(1) + fixed("redeemed by", 32) + fixed("device", 16)
                        + sized(b"-----BEGIN CERTIFICATE-----\n"))
    yield "suppression", 6, b""
    yield "rotation", 7, (u8(2) + u32(4) + u32(5) + u8(2) + fixed("member", 16) + u64(NOW))
    yield "rotation_reencrypt", 7, (u8(2) + u32(4) + u32(5) + u8(1) + bytes(16) + u64(NOW)
                                    + u8(2) + u64(0))
    yield "rotation_reindex", 7, (u8(3) + u32(1) + u32(2) + u8(2) + fixed("member", 16) + u64(NOW)
                                  + u8(3) + u64(2000))
    yield "rotation_rekey", 7, (u8(1) + u32(1) + u32(2) + u8(3) + bytes(16) + u64(NOW)
                                + u8(4) + u64(0))
    yield "rotation_root", 7, (u8(255) + u32(0) + u32(0) + u8(4) + bytes(16) + u64(NOW)
                               + u8(6) + u64(0))
    yield "incarnation", 8, (fixed("parent", 16) + u64(NOW) + fixed("backup", 16) + u64(4)
                             + fixed("leaf", 32) + u64(8))
    yield "device_approving", 2, (fixed("principal", 16) + u8(0) + u64(NOW) + u8(0)
                                  + fixed("approval key", 32))
    yield "act", 5, (sized(fixed("form", 90)) + u8(3) + u64(NOW) + u64(0) + u64(NOW + 9)
                     + fixed("admin", 16) + u8(2)
                     + fixed("principal", 16) + fixed("device", 16) + u64(NOW)
                     + fixed("first signature", 64)
                     + fixed("admin", 16) + fixed("other device", 16) + u64(NOW + 8)
                     + fixed("second signature", 64))
    yield "kept_backup", 9, (fixed("admin", 16) + u64(NOW) + u8(2) + u8(1) + u32(2)
                             + u8(2) + u32(5))


def access_vectors():
    row, version = fixed("row", 16), 12

    def seal(table, content):
        place = parts("sodality/row/1", CHAPTER, u16(table), row, u64(version))
        return sealed_value(STATE_KEY, 1, b"row", place, content, "access row").hex()

    def case(name, comment, expect, kind, content, **changes):
        write("access-row", name, comment, expect,
              {**KEYS, "table": kind, "row": row.hex(), "row-version": version,
               "sealed": seal(kind, content), "content": content.hex(), **changes})

    contents = {}
    for name, table, content in access_rows():
        # A second layout came with other work than rewrapping, and with
        # approval keys.
        second = name.startswith("rotation_") or name == "device_approving"
        contents[name] = u8(2 if second else 1) + content
        case(f"ok_{name}", f"a row of table {table}", "OK", table, contents[name])
    grant = contents["grant"]
    rotation = contents["rotation"]
    case("newer_rotation", "a phase that there is not", "FAILED_PRECONDITION", 7,
         rotation[:10] + u8(3) + rotation[11:])
    reindex = contents["rotation_reindex"]
    case("newer_rotation_work", "a work that there is not", "FAILED_PRECONDITION", 7,
         reindex[:-9] + u8(4) + reindex[-8:])
    case("rotation_copies_tokens", "a phase that only pages have", "FAILED_PRECONDITION", 7,
         reindex[:10] + u8(3) + reindex[11:])
    root = contents["rotation_root"]
    case("rotation_steps_back", "a phase that only a root key has", "FAILED_PRECONDITION", 7,
         reindex[:10] + u8(4) + reindex[11:])
    case("rotation_copies_root", "a phase that only pages have, of a root key",
         "FAILED_PRECONDITION", 7, root[:10] + u8(3) + root[11:])
    case("rotation_root_of_pages", "a root key's work, of the page key", "FAILED_PRECONDITION", 7,
         root[:1] + u8(1) + root[2:])
    case("rotation_of_another_key", "tokens made anew for the wrap key", "FAILED_PRECONDITION", 7,
         reindex[:1] + u8(2) + reindex[2:])
    case("rotation_layout", "a rewrap in the second layout", "DATA_LOSS", 7,
         u8(2) + rotation[1:] + u8(1) + u64(0))
    case("newer_row", "version 2 inside", "FAILED_PRECONDITION", 3, u8(2) + grant[1:])
    case("trailing_byte", "a byte too many inside", "DATA_LOSS", 3, grant + b"\0")
    case("short_inside", "a byte too few inside", "DATA_LOSS", 3, grant[:-1])
    case("no_content", "not even a version", "DATA_LOSS", 3, b"")
    case("absurd_scopes", "2^32 - 1 scopes", "DATA_LOSS", 3,
         grant[:18] + u32(0xFFFFFFFF) + grant[22:])
    case("approvals", "a table that has no rows yet", "DATA_LOSS", 5, u8(1))
    case("device_layout", "a device without an approval key in the second layout", "DATA_LOSS", 2,
         u8(2) + contents["device"][1:])
    case("cut_act", "a byte of the last signature is missing", "DATA_LOSS", 5,
         contents["act"][:-1])
    case("other_table", "a grant among the devices", "DATA_LOSS", 3, grant, table=2)
    case("other_chapter", "moved to another chapter", "DATA_LOSS", 3, grant, **OTHER_CHAPTER)
    case("older_row", "an old row put back", "DATA_LOSS", 3, grant, **{"row-version": 11})


# Digest row.
def row_digest(table, row, version):
    key = keyed_hash(STATE_KEY, parts("sodality/row-digest-key/1"), 32)
    return keyed_hash(key, parts("sodality/row-digest/1", u16(table), row, u64(version)), 32)


def xor(digests):
    out = bytes(32)
    for digest in digests:
        out = bytes(a ^ b for a, b in zip(out, digest))
    return out


def digest_vectors():
    rows = [(0, fixed("member", 16), 3), (0, fixed("other member", 16), 1),
            (3, fixed("row", 16), 12)]
    tables = [xor(row_digest(*row) for row in rows if row[0] == table) for table in range(7)]
    text = u64(8) + u64(4) + fixed("leaf", 32) + u64(7) + b"".join(tables)

    def seal(content, chapter=CHAPTER, purpose=b"digest-row"):
        return sealed_value(STATE_KEY, 1, purpose, parts("sodality/digest-row/1", chapter),
                            content, "digest row").hex()

    lines = {**KEYS, "revision": 8, "sealed": seal(text), "ledger-number": 4,
             "ledger-leaf": fixed("leaf", 32).hex(), "ledger-revision": 7,
             "tables": b"".join(tables).hex()}
    lines |= {f"row-{at}": f"{table} {row.hex()} {version}"
              for at, (table, row, version) in enumerate(rows, 1)}

    def bad(name, comment, expect="DATA_LOSS", **changes):
        write("digest-row", name, comment, expect, {**lines, **changes})

    write("digest-row", "ok", "two members and a grant", "OK", lines)
    tables.append(xor([row_digest(7, fixed("row", 16), 2)]))
    newer = u64(8) + u64(4) + fixed("leaf", 32) + u64(7) + u64(11) + b"".join(tables)
    second = {"sealed": seal(newer), "keyring-generation": 11, "tables": b"".join(tables).hex(),
              "row-4": f"7 {fixed('row', 16).hex()} 2"}
    write("digest-row", "ok_generation", "a rotation too, in the second layout", "OK",
          {**lines, **second})
    tables += [xor([row_digest(8, fixed("row", 16), 1)]), bytes(32)]
    newest = u64(8) + u64(4) + fixed("leaf", 32) + u64(7) + u64(12) + b"".join(tables)
    third = {"sealed": seal(newest), "keyring-generation": 12, "tables": b"".join(tables).hex(),
             "row-4": f"7 {fixed('row', 16).hex()} 2", "row-5": f"8 {fixed('row', 16).hex()} 1"}
    write("digest-row", "ok_incarnation", "a restore too, in the third layout", "OK",
          {**lines, **third})
    bad("newer_tables", "eleven tables", "FAILED_PRECONDITION", sealed=seal(newest + bytes(32)))
    bad("half_a_table", "nine tables and a half", sealed=seal(newest[:-16]))
    bad("other_revision", "a digest of another revision than the store's", revision=9)
    bad("other_chapter", "moved to another chapter", **OTHER_CHAPTER)
    bad("other_purpose", "sealed as an access row", sealed=seal(text, purpose=b"row"))
    bad("trailing_byte", "a byte too many inside", sealed=seal(text + b"\0"))
    bad("fewer_tables", "six tables", sealed=seal(text[:-32]))
    bad("no_generation", "eight tables and no generation", sealed=seal(newer[:56] + newer[64:]))
    bad("lost", "no digest row beside revision 8", sealed="")
    bad("forged", "the last bit differs",
        sealed=flip(bytes.fromhex(lines["sealed"]), -1).hex())


def directory_vectors():
    value_vectors()
    request_vectors()
    page_vectors()
    suppression_vectors()
    packing_vectors()
    access_vectors()
    digest_vectors()
