"""Shares of a root key: docs/formats.md, sections 5 and 8."""
import hashlib

from building_blocks import fixed, flip, keyed_hash, parts, seal, u8, write
from crypto_vectors import keyring_slot, plain_keyring, root_text
from ristretto import BASE, IDENTITY, L, decode, scalar_bytes

PREFIX = "sodality-share-1-"


def set_id(chapter, threshold, count, commitments):
    return hashlib.sha256(parts("sodality/share-set/1", chapter, u8(threshold), u8(count),
                                *commitments)).digest()[:16]


class Sharing:
    """A secret shared among `count`; coefficients by their places may be given."""

    def __init__(self, name, threshold, count, chapter=fixed("chapter", 16), given=()):
        drawn = [int.from_bytes(fixed(f"{name} coefficient {i}", 64), "little") % L
                 for i in range(threshold)]
        self.coefficients = [dict(given).get(i, value) for i, value in enumerate(drawn)]
        self.threshold, self.count, self.chapter = threshold, count, chapter
        self.commitments = [(value * BASE).encode() for value in self.coefficients]
        self.set_id = set_id(chapter, threshold, count, self.commitments)

    def value(self, index):
        return sum(a * pow(index, i, L) for i, a in enumerate(self.coefficients)) % L

    def root(self):
        return keyed_hash(scalar_bytes(self.coefficients[0]),
                          parts("sodality/root-from-shares/1", self.chapter, self.set_id), 32)

    def body(self, index, **changes):
        said = {"index": index, "threshold": self.threshold, "count": self.count,
                "chapter": self.chapter, "set_id": self.set_id,
                "value": scalar_bytes(self.value(index)), "commitments": self.commitments,
                **changes}
        return (u8(said["index"]) + u8(said["threshold"]) + u8(said["count"])
                + said["chapter"] + said["set_id"] + said["value"]
                + b"".join(said["commitments"]))

    def text(self, index, **changes):
        return token(self.body(index, **changes))

    def lines(self, index):
        return {"chapter": self.chapter.hex(), "set": self.set_id.hex(), "index": index,
                "threshold": self.threshold, "count": self.count,
                "value": scalar_bytes(self.value(index)).hex()}


def token(body, prefix=PREFIX):
    checksum = hashlib.sha256(prefix.encode() + body).hexdigest()[:8]
    return f"{prefix}{body.hex()}-{checksum}"


def share_vectors():
    ours, other = Sharing("ours", 3, 5), Sharing("other", 3, 5)
    good = ours.text(2)
    zeros = bytes(32)

    def ok(name, comment, sharing, index, share=None):
        write("share", name, comment, "OK",
              {**sharing.lines(index), "share": share or sharing.text(index)})

    def bad(name, comment, names, share, expect="INVALID_ARGUMENT"):
        write("share", name, comment, expect, {"names": names, "share": share})

    def with_set(commitments, threshold=3, **changes):
        """A forger makes the set id fit."""
        changed = set_id(ours.chapter, threshold, 5, commitments)
        return ours.text(2, commitments=commitments, threshold=threshold, set_id=changed,
                         **changes)

    ok("ok", "one of five, three of which open", ours, 2)
    ok("ok_first", "the first of them", ours, 1)
    ok("ok_last", "the last of them", ours, 5)
    ok("ok_two_of_two", "the smallest sharing", Sharing("two", 2, 2), 1)
    ok("ok_sixteen", "the largest sharing", Sharing("sixteen", 16, 16), 16)
    ok("ok_zero_coefficient", "a coefficient is zero, as it may be",
       Sharing("zero", 3, 5, given={1: 0}), 4)
    ok("ok_zero_value", "a share's value is zero, as it may be",
       Sharing("nil", 2, 3, given={0: 5, 1: L - 5}), 1)
    ok("ok_spaces", "typed in groups", ours, 2,
       " ".join(good[i:i + 40] for i in range(0, len(good), 40)) + "  ")
    ok("ok_remark", "with the line for people before it", ours, 2,
       "# Share 2 of 5: show it to nobody. " + good)
    ok("ok_capitals", "digits in capitals", ours, 2,
       PREFIX + good[len(PREFIX):].upper())

    bad("nothing", "another text", "there is no share", "hello")
    bad("no_digits", "the prefix alone", "cut off", PREFIX)
    bad("root_key", "a root key's file", "there is no share", root_text(fixed("root", 32)))
    bad("cut_off", "the end is missing", "cut off", good[:-20])
    bad("twice", "two shares in one file", "wrong", good + ours.text(3))
    bad("wrong_length", "two digits are missing", "wrong length", good[:50] + good[52:])
    bad("wrong_character", "a letter that is no digit", "wrong character",
        good[:50] + "x" + good[51:])
    bad("typo", "one digit is another", "checksum",
        good[:50] + ("1" if good[50] == "0" else "0") + good[51:])
    bad("newer_format", "format 2", "newer than this program",
        token(ours.body(2), "sodality-share-2-"), "FAILED_PRECONDITION")
    bad("index_zero", "the secret itself as a share", "number 0",
        ours.text(0, value=scalar_bytes(ours.coefficients[0])))
    bad("index_beyond", "the sixth of five", "number 6 of 5", ours.text(6))
    bad("threshold_one", "one share that opens", "shares cannot be",
        ours.text(2, threshold=1))
    bad("threshold_beyond", "more needed than there are", "shares cannot be",
        ours.text(2, threshold=6))
    bad("count_beyond", "one of seventeen", "shares cannot be", ours.text(2, count=17))
    bad("more_commitments", "a polynomial of a higher degree", "4 commitments",
        with_set(ours.commitments + [(7 * BASE).encode()]))
    bad("fewer_commitments", "one of a lower degree", "2 commitments",
        with_set(ours.commitments[:2]))
    bad("other_threshold", "another threshold than commitments",
        "3 commitments where its threshold is 4", with_set(ours.commitments, 4))
    bad("no_point", "a commitment that is no point", "no point",
        with_set([ours.commitments[0], b"\xff" * 32, ours.commitments[2]]))
    negative = (L - 1).to_bytes(32, "little")
    assert decode(negative) is None
    bad("negative_point", "a commitment that is no canonical encoding", "no point",
        with_set([ours.commitments[0], negative, ours.commitments[2]]))
    assert zeros == IDENTITY.encode()
    bad("identity_first", "commitments to the secret zero", "to no secret",
        Sharing("none", 3, 5, given={0: 0}).text(2))
    bad("identity_last", "two of them would open", "fewer shares",
        Sharing("low", 3, 5, given={2: 0}).text(2))
    bad("other_commitments", "those of another set", "not those of the set",
        ours.text(2, commitments=other.commitments))
    bad("other_chapter", "another chapter's id", "not those of the set",
        ours.text(2, chapter=fixed("other chapter", 16)))
    bad("other_set", "the id of another set", "not those of the set",
        ours.text(2, set_id=other.set_id))
    bad("forged", "the commitments of another set, and its id", "does not fit",
        with_set(other.commitments))
    bad("other_index", "another's share under this number", "does not fit",
        ours.text(2, value=scalar_bytes(ours.value(3))))
    bad("other_value", "a bit of the value is another", "does not fit",
        ours.text(2, value=flip(scalar_bytes(ours.value(2)), 0)))
    bad("value_too_large", "the value, and the group's order", "out of range",
        ours.text(2, value=scalar_bytes(ours.value(2) + L)))


def share_set_vectors():
    ours, other = Sharing("ours", 3, 5), Sharing("other", 3, 5)
    elsewhere = Sharing("ours", 3, 5, chapter=fixed("other chapter", 16))
    common = {"chapter": ours.chapter.hex(), "set": ours.set_id.hex(), "threshold": 3,
              "count": 5}

    def case(name, comment, shares, expect="OK", names="", sharing=ours, **lines):
        more = {"names": names} if names else {}
        if expect == "OK":
            more["root-key"] = sharing.root().hex()
        write("share-set", name, comment, expect,
              {**common, **lines, **more,
               **{f"share-{place}": text for place, text in enumerate(shares, 1)}})

    texts = {index: ours.text(index) for index in range(1, 6)}
    case("ok", "three of five", [texts[i] for i in (1, 2, 3)])
    case("ok_others", "another three, in another order", [texts[i] for i in (5, 2, 4)])
    case("ok_all", "more than are needed", [texts[i] for i in (1, 2, 3, 4, 5)])
    zero = Sharing("zero", 3, 5, given={1: 0})
    case("ok_zero_coefficient", "a coefficient is zero", [zero.text(i) for i in (1, 3, 5)],
         sharing=zero, set=zero.set_id.hex())
    two = Sharing("two", 2, 2)
    case("ok_two_of_two", "the smallest sharing", [two.text(2), two.text(1)], sharing=two,
         set=two.set_id.hex(), threshold=2, count=2)
    case("too_few", "two of the three that are needed", [texts[1], texts[2]],
         "FAILED_PRECONDITION", "2 of the 3 shares")
    case("none", "no share at all", [], "FAILED_PRECONDITION", "0 of the 3 shares")
    case("duplicate", "one of them twice", [texts[1], texts[4], texts[1]], "ALREADY_EXISTS",
         "share 1 is in already")
    case("other_set", "one of an older set", [texts[1], texts[2], other.text(3)],
         "FAILED_PRECONDITION", "of another set")
    case("other_chapter", "one of another chapter", [texts[1], texts[2], elsewhere.text(3)],
         "FAILED_PRECONDITION", "another chapter's")
    case("forged", "one that does not fit", [texts[1], texts[2],
                                             ours.text(3, value=fixed("x", 31) + b"\0")],
         "INVALID_ARGUMENT", "does not fit")


def shared_keyring_vectors():
    ours, other = Sharing("ours", 3, 5), Sharing("other", 3, 5)
    file_key, plain = fixed("file key", 32), plain_keyring()

    def slot(sharing, root, threshold=3, count=5):
        return keyring_slot(root, (3, threshold, count, sharing.set_id), file_key, "shares")

    def keyring(*slots):
        head = b"sodality-keyring" + u8(1) + u8(1) + u8(len(slots)) + b"".join(slots)
        nonce = fixed("body nonce", 24)
        return head + nonce + seal(file_key, nonce, parts("sodality/keyring/1", head), plain)

    def case(name, comment, expect, data, *indices, sharing=ours):
        write("keyring", name, comment, expect,
              {"plain": plain.hex(), "keyring": data.hex(),
               **{f"share-{place}": sharing.text(index)
                  for place, index in enumerate(indices, 1)}})

    good = keyring(slot(ours, ours.root()))
    by_file = keyring_slot(fixed("root", 32), (1, 0, 0, bytes(16)), file_key, "file")
    case("ok_shares", "three of five shares", "OK", good, 4, 1, 3)
    case("ok_shares_beside_key_file", "two roots, opened by shares", "OK",
         keyring(by_file, slot(ours, ours.root())), 5, 2, 3)
    case("too_few_shares", "two of them", "FAILED_PRECONDITION", good, 4, 1)
    case("other_shares", "those of another set", "FAILED_PRECONDITION", good, 1, 2, 3,
         sharing=other)
    case("no_shares_slot", "shares where a key file is meant", "FAILED_PRECONDITION",
         keyring(by_file), 1, 2, 3)
    case("shares_of_another_key", "the set's id over another root key", "PERMISSION_DENIED",
         keyring(slot(ours, other.root())), 1, 2, 3)
    case("shares_of_one", "a slot that one share would open", "DATA_LOSS",
         keyring(slot(ours, ours.root(), 1)), 1, 2, 3)


def all_share_vectors():
    share_vectors()
    share_set_vectors()
    shared_keyring_vectors()
