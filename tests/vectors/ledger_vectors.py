"""The formats of the ledger: docs/formats-ledger.md."""
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from building_blocks import (fixed, flip, keyed_hash, parts, sealed_value, sized, u8, u16, u32,
                             u64, write)
from crypto_vectors import plain_keyring

CHAPTER = fixed("chapter", 16)
LEDGER_KEY = fixed("key 5", 32)
SIGN_KEY = Ed25519PrivateKey.from_private_bytes(fixed("key 6", 32))
KEYS = {"plain": plain_keyring().hex()}
OTHER_CHAPTER = {"plain": plain_keyring().replace(CHAPTER, fixed("other chapter", 16)).hex()}
NO_GRANT = b"\0" * 16
BLOCK = 512


def sha256(data):
    return hashlib.sha256(data).digest()


# Member part.
class Part:
    def __init__(self, name, sequence, fields):
        self.key = fixed(f"{name} ledger key", 32)
        self.member = fixed(name, 16)
        self.sequence = sequence
        self.tag = keyed_hash(self.key, parts("sodality/ledger-tag/1"), 16)
        content = (fixed(f"{name} salt {sequence}", 32) + self.member + u16(len(fields))
                   + b"".join(map(u16, fields)))
        self.commitment = sha256(content)
        self.sealed = sealed_value(self.key, 1, b"ledger-part",
                                   parts("sodality/ledger-part/1", self.tag), content,
                                   f"{name} part {sequence}")


def part_vectors():
    one, other = Part("member", 1, [1, 7]), Part("other member", 1, [1, 7])
    again = Part("member", 2, [9])
    lines = {"member-key": one.key.hex(), "tag": one.tag.hex(),
             "commitment": one.commitment.hex(), "sealed": one.sealed.hex(),
             "member": one.member.hex(), "fields": "1 7"}

    def bad(name, comment, expect="DATA_LOSS", **changes):
        write("ledger-part", name, comment, expect, {**lines, **changes})

    write("ledger-part", "ok", "two fields of one member", "OK", lines)
    bad("other_member", "under another member's key", **{"member-key": other.key.hex()})
    bad("other_tag", "moved to another member's place", tag=other.tag.hex())
    bad("other_commitment", "moved to an entry that says something else",
        commitment=again.commitment.hex())
    bad("truncated", "the last byte is gone", sealed=one.sealed[:-1].hex())
    bad("forged", "the last bit differs", sealed=flip(one.sealed, -1).hex())
    bad("key_version_0", "versions begin at 1", sealed=(one.sealed[:2] + u32(0)
                                                        + one.sealed[6:]).hex())
    bad("newer_format", "format 2", "FAILED_PRECONDITION", sealed=(u8(2) + one.sealed[1:]).hex())
    bad("newer_key", "names key version 2", "FAILED_PRECONDITION",
        sealed=(one.sealed[:2] + u32(2) + one.sealed[6:]).hex())


# Ledger header and entry.
class Entry:
    def __init__(self, number, previous, members=(), action=1, outcome=0, version=1,
                 subject=fixed("subject", 16)):
        self.number, self.members = number, members
        grant, epoch = (fixed("grant", 16), 2) if members else (NO_GRANT, 0)
        self.header = (u8(version) + u64(number) + previous + u64(1_790_000_000_000 + number)
                       + u64(number * 2) + u16(action) + u8(outcome) + fixed("actor", 16)
                       + fixed("device", 16) + grant + u64(epoch) + subject
                       + u32(len(members))
                       + b"".join(m.tag + u64(m.sequence) for m in members))
        self.commitments = b"".join(m.commitment for m in members)
        self.leaf = sha256(b"\0" + self.header + self.commitments)

    def stored(self):
        return sized(self.header) + b"".join(m.commitment + sized(m.sealed)
                                             for m in self.members)

    def blob(self, number=None, stored=None, key_version=1):
        number = number or self.number
        place = parts("sodality/ledger-entry/1", CHAPTER, u64(number))
        return sealed_value(LEDGER_KEY, key_version, b"ledger-entry", place,
                            self.stored() if stored is None else stored,
                            f"entry {self.number}")


def chain():
    first = Entry(1, b"\0" * 32, action=40)
    second = Entry(2, first.leaf, [Part("member", 1, [1, 7]), Part("other member", 1, [1])])
    third = Entry(3, second.leaf, action=24)
    fourth = Entry(4, third.leaf, [Part("member", 2, [9])], action=2)
    return [first, second, third, fourth]


def entry_vectors():
    first, entry = chain()[:2]
    lines = {**KEYS, "number": 2, "sealed": entry.blob().hex(), "header": entry.header.hex(),
             "commitments": entry.commitments.hex(), "leaf": entry.leaf.hex()}

    def bad(name, comment, expect="DATA_LOSS", **changes):
        write("ledger-entry", name, comment, expect, {**lines, **changes})

    def forged(stored):
        return {"sealed": entry.blob(stored=stored).hex()}

    write("ledger-entry", "ok", "a search that showed two members", "OK", lines)
    write("ledger-entry", "ok_no_parts", "an act about no member", "OK",
          {**KEYS, "number": 1, "sealed": first.blob().hex(), "header": first.header.hex(),
           "commitments": "", "leaf": first.leaf.hex()})
    bad("other_number", "moved to another place of the ledger", number=3)
    bad("other_chapter", "moved to another chapter", **OTHER_CHAPTER)
    bad("misnumbered", "sealed for number 3, and says 2 inside", number=3,
        sealed=entry.blob(number=3).hex())
    bad("truncated", "the last byte is gone", sealed=entry.blob()[:-1].hex())
    bad("forged", "the last bit differs", sealed=flip(entry.blob(), -1).hex())
    bad("unknown_key", "names a ledger key that the keyring lacks", "FAILED_PRECONDITION",
        sealed=entry.blob(key_version=9).hex())
    bad("newer_format", "a sealed value of format 2", "FAILED_PRECONDITION",
        sealed=(u8(2) + entry.blob()[1:]).hex())
    bad("newer_header", "header version 2", "FAILED_PRECONDITION",
        sealed=Entry(2, first.leaf, version=2).blob().hex())
    bad("header_version_0", "header version 0",
        sealed=Entry(2, first.leaf, version=0).blob().hex())
    bad("trailing_byte", "a byte too many inside", **forged(entry.stored() + b"\0"))
    bad("short_inside", "a byte too few inside", **forged(entry.stored()[:-1]))
    bad("fewer_parts", "the second member's part is missing",
        **forged(sized(entry.header) + entry.stored()[4 + len(entry.header):][:32 + 4 + 110]))
    bad("absurd_parts", "a header that counts 4,097 parts",
        **forged(sized(first.header[:9] + first.leaf + first.header[41:132] + u32(4097))))


# Draft in the outbox.
def draft_vectors():
    one = Part("member", 1, [1, 7])
    members = one.tag + one.commitment + sized(one.sealed)

    def content(version):
        return (u8(version) + u16(4) + u8(0) + fixed("actor", 16) + fixed("device", 16) + u8(1)
                + fixed("grant", 16) + u64(2) + fixed("subject", 16) + u32(1) + members)

    def blob(text, purpose=b"ledger-draft"):
        return sealed_value(LEDGER_KEY, 1, purpose, parts("sodality/ledger-draft/1", CHAPTER),
                            text, "draft").hex()

    lines = {**KEYS, "sealed": blob(content(1)), "action": 4, "outcome": 0,
             "actor": fixed("actor", 16).hex(), "device": fixed("device", 16).hex(),
             "grant": fixed("grant", 16).hex(), "grant-version": 2,
             "subject": fixed("subject", 16).hex(), "parts": members.hex()}

    def bad(name, comment, expect="DATA_LOSS", **changes):
        write("ledger-draft", name, comment, expect, {**lines, **changes})

    write("ledger-draft", "ok", "a member was written", "OK", lines)
    bad("other_chapter", "moved to another chapter", **OTHER_CHAPTER)
    bad("an_entry", "an entry in the place of a draft", sealed=chain()[0].blob().hex())
    bad("other_purpose", "sealed as an entry", sealed=blob(content(1), b"ledger-entry"))
    bad("newer_draft", "version 2 inside", "FAILED_PRECONDITION", sealed=blob(content(2)))
    bad("trailing_byte", "a byte too many inside", sealed=blob(content(1) + b"\0"))
    bad("short_inside", "a byte too few inside", sealed=blob(content(1)[:-1]))


# What a client verifies: leaves and the signed head.
def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def chain_lines(entries, head, descent=b"", key=SIGN_KEY, **changes):
    message = parts("sodality/ledger-head/2" if descent else "sodality/ledger-head/1", CHAPTER,
                    u64(head.number), head.leaf, u64(8),
                    *([descent[:16], descent[16:]] if descent else []))
    lines = {"chapter": CHAPTER.hex(), "entries": len(entries)}
    for at, entry in enumerate(entries, 1):
        lines |= {f"number-{at}": entry.number, f"header-{at}": entry.header.hex(),
                  f"commitments-{at}": entry.commitments.hex()}
    return lines | {"head-number": head.number, "head-leaf": head.leaf.hex(),
                    "head-revision": 8, "public-key": public(key).hex(),
                    "signature": key.sign(message).hex(),
                    **({"incarnation": descent[:16].hex(), "parent": descent[16:].hex()}
                       if descent else {})} | changes


# Heads from entry `number` on are under `new`.
def change_lines(at, number, old, new, chapter=CHAPTER, **changes):
    message = parts("sodality/ledger-sign-keys/1", chapter, public(old), public(new), u64(number))
    lines = {"change-number": number, "old-key": public(old).hex(), "new-key": public(new).hex(),
             "old-signature": old.sign(message).hex(), "new-signature": new.sign(message).hex()}
    return {f"{name}-{at}": value for name, value in (lines | changes).items()}


def rotated_vectors():
    second_key, third_key, stranger = (
        Ed25519PrivateKey.from_private_bytes(fixed(f"key 6, {n}", 32)) for n in (2, 3, 4))
    entries = [Entry(1, b"\0" * 32, action=40)]
    for number, action, subject in ((2, 44, u8(5) + u32(2)), (3, 44, u8(2) + u32(2)),
                                    (4, 44, u8(5) + u32(3)), (5, 46, u8(5) + u32(3))):
        entries.append(Entry(number, entries[-1].leaf, action=action,
                             subject=subject + b"\0" * 11))
    last = entries[-1]
    one = change_lines(1, 2, SIGN_KEY, second_key)
    two = change_lines(2, 4, second_key, third_key)

    def chain_of(*changes, key=third_key):
        lines = chain_lines(entries, last, key=key) | {"changes": len(changes)}
        for change in changes:
            lines |= change
        return lines

    def bad(name, comment, *changes, **more):
        write("ledger-chain", name, comment, "DATA_LOSS", chain_of(*changes, **more))

    write("ledger-chain", "ok_rotated", "the third signing key, and how it followed the first",
          "OK", chain_of(one, two))
    bad("changes_missing", "a chain that knows of changes which its head does not tell")
    bad("change_left_out", "the first change is not told", change_lines(1, 4, second_key, third_key))
    bad("change_moved", "a change at an entry that is not one", one,
        change_lines(2, 3, second_key, third_key))
    bad("change_of_other_number", "signed for another entry", one, two | {"change-number-2": 5})
    bad("changes_apart", "a change that does not follow the one before",
        change_lines(1, 2, SIGN_KEY, stranger), two)
    bad("change_to_another", "the last change is not to the key that signs", one,
        change_lines(2, 4, second_key, stranger))
    message = parts("sodality/ledger-sign-keys/1", CHAPTER, public(second_key), public(stranger),
                    u64(4))
    bad("change_by_old_key_alone", "who has the old key names another's", one,
        change_lines(2, 4, second_key, stranger, **{
            "new-signature": second_key.sign(message).hex()}), key=stranger)
    bad("change_by_new_key_alone", "a stranger names their own key", one,
        change_lines(2, 4, second_key, stranger, **{
            "old-signature": stranger.sign(message).hex()}), key=stranger)
    bad("change_of_other_chapter", "signed for another chapter", one,
        change_lines(2, 4, second_key, third_key, chapter=fixed("other chapter", 16)))
    bad("change_to_come", "a change at an entry behind the head", one,
        change_lines(2, 6, second_key, third_key))


def chain_vectors():
    rotated_vectors()
    good = chain()
    first, second, third, fourth = good
    signature = chain_lines(good, fourth)["signature"]

    def bad(name, comment, entries, head=fourth, expect="DATA_LOSS", **changes):
        write("ledger-chain", name, comment, expect, chain_lines(entries, head, **changes))

    write("ledger-chain", "ok", "four entries and their head", "OK", chain_lines(good, fourth))
    descent = fixed("incarnation", 16) + fixed("parent", 16)
    restored = chain_lines(good, fourth, descent)
    write("ledger-chain", "ok_restored", "the head of a chapter that was restored", "OK", restored)
    write("ledger-chain", "other_incarnation", "a head moved to another incarnation", "DATA_LOSS",
          restored | {"incarnation": fixed("another", 16).hex()})
    write("ledger-chain", "no_incarnation", "a restored chapter's head without that", "DATA_LOSS",
          {name: value for name, value in restored.items()
           if name not in ("incarnation", "parent")})
    write("ledger-chain", "incarnation_zero", "a restore into what never was restored",
          "DATA_LOSS", chain_lines(good, fourth, bytes(16) + fixed("parent", 16)))
    bad("cut_middle", "the second entry is missing", [first, third, fourth])
    bad("cut_end", "the last entry is missing", good[:3])
    bad("reordered", "the second and third change places", [first, third, second, fourth])
    bad("renumbered", "the third says that it is the second", [first, third],
        **{"number-2": 2})
    stray = Entry(2, fixed("leaf", 32))
    bad("other_previous", "an entry that follows another one, and ends in a signed head",
        [first, stray], head=stray)
    bad("rewritten_end", "the last entry is another one",
        good[:3] + [Entry(4, third.leaf, action=2)])
    bad("repeated_sequence", "a member's own count stands still",
        good[:3] + [Entry(4, third.leaf, [Part("member", 1, [1, 7])])],
        head=Entry(4, third.leaf, [Part("member", 1, [1, 7])]))
    bad("missing_commitment", "a part without its commitment", good,
        **{"commitments-4": ""})
    bad("other_commitment", "a commitment is another one", good,
        **{"commitments-4": flip(fourth.commitments, 0).hex()})
    bad("forged_signature", "a bit of the signature differs", good,
        signature=flip(bytes.fromhex(signature), 5).hex())
    bad("other_chapter", "the head of another chapter", good,
        chapter=fixed("other chapter", 16).hex())
    bad("other_revision", "the head says another revision", good, **{"head-revision": 9})
    bad("other_signer", "another public key", good,
        **{"public-key": fixed("public key", 32).hex()})


# Segment file.
def group(first, blobs):
    body = b"".join(map(sized, blobs))
    data = b"SLG1" + u32(len(blobs)) + u64(len(body)) + u64(first) + body
    return data + b"\0" * (-len(data) % BLOCK)


def segment(first, *groups, magic=b"SODLEDG1"):
    head = magic + u64(first)
    return head + b"\0" * (BLOCK - len(head)) + b"".join(groups)


def segment_lines(entries, files, **changes):
    """`files` by the number in their names; a file goes on with zeros to 4,096
    bytes."""
    lines = {**KEYS, **{f"segment-{n}": data.rstrip(b"\0").hex() for n, data in files.items()},
             "head-number": len(entries), "head-leaf": entries[-1].leaf.hex()}
    return lines | {f"entry-{e.number}": e.header.hex() for e in entries} | changes


def segment_vectors():
    entries = chain()
    blobs = [entry.blob() for entry in entries]
    one, two, last = group(1, blobs[:1]), group(2, blobs[1:3]), group(4, blobs[3:])
    whole = segment(1, one, two, last)

    def ok(name, comment, files, count=4):
        write("ledger-segment", name, comment, "OK", segment_lines(entries[:count], files))

    def bad(name, comment, names, data, expect="DATA_LOSS", **changes):
        files = data if isinstance(data, dict) else {1: data}
        write("ledger-segment", name, comment, expect,
              {"names": names, **segment_lines(entries, files, **changes)})

    ok("ok", "three groups", {1: whole})
    ok("ok_two_files", "the last group in a file of its own",
       {1: segment(1, one, two), 4: segment(4, last)})
    ok("torn_end", "of the last group the first block was written",
       {1: segment(1, one, two[:BLOCK])}, 1)
    ok("torn_start", "of the last group all but the first block was written",
       {1: segment(1, one, b"\0" * BLOCK + two[BLOCK:])}, 1)
    bad("torn_middle", "a torn group with a later one behind it", "entry 2",
        segment(1, one, two[:BLOCK] + b"\0" * (len(two) - BLOCK), last))
    bad("torn_earlier_file", "a torn group in a file that is not the last", "entry 2",
        {1: segment(1, one, two[:BLOCK]), 4: segment(4, last)})
    bad("cut_group", "the second group is zeros", "entry 2",
        segment(1, one, b"\0" * len(two), last))
    bad("cut_file", "the first file is missing", "entry 1", {4: segment(4, last)})
    bad("cut_second_file", "the second of three files is missing", "entry 2",
        {1: segment(1, one), 4: segment(4, last)})
    bad("reordered_groups", "the first two groups change places", "entry 1",
        segment(1, two, one, last))
    bad("reordered_entries", "two entries of a group change places", "entry 2",
        segment(1, one, group(2, [blobs[2], blobs[1]]), last))
    bad("closed_end", "a group is cut out in front of the last", "entry 2",
        segment(1, one, last))
    bad("forged_entry", "a bit of an entry's tag differs", "entry 2",
        segment(1, one, group(2, [flip(blobs[1], -1), blobs[2]]), last))
    bad("other_previous", "an entry that follows another one",
        "entry 2 of the ledger does not follow",
        segment(1, one, group(2, [Entry(2, fixed("leaf", 32)).blob(), blobs[2]]), last))
    bad("fewer_entries", "a group that counts one entry too few", "entry 2",
        segment(1, one, two[:4] + u32(1) + two[8:], last))
    bad("absurd_length", "a group that is said to be longer than the file", "entry 2",
        segment(1, one, two[:8] + u64(1 << 63) + two[16:], last))
    bad("other_chapter", "the ledger of another chapter", "entry 1", whole, **OTHER_CHAPTER)
    bad("no_magic", "another kind of file", "file seg-00000000000000000001 is damaged", flip(whole, 0))
    bad("other_name", "a file under the name of another",
        "file seg-00000000000000000001 is damaged",
        {1: segment(2, one, two, last)})
    bad("newer_file", "a file of format 2", "has format 2",
        segment(1, one, two, last, magic=b"SODLEDG2"), "FAILED_PRECONDITION")
    bad("newer_last_entry", "no torn append: the last entry is of a newer format",
        "entry 2 of the ledger: a ledger entry has format 2",
        segment(1, one, group(2, [Entry(2, entries[0].leaf, version=2).blob()])),
        "FAILED_PRECONDITION")
    ok("torn_key_version", "the last entry is torn behind its algorithm byte",
       {1: segment(1, one, group(2, [blobs[1], blobs[2][:2] + b"\0" * (len(blobs[2]) - 2)]))}, 1)
    bad("unknown_key_last", "no torn append: the last entry's key is unknown", "version 9",
        segment(1, one, group(2, [entries[1].blob(key_version=9)])), "FAILED_PRECONDITION")


def ledger_vectors():
    part_vectors()
    entry_vectors()
    draft_vectors()
    chain_vectors()
    segment_vectors()
