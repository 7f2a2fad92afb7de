"""A chapter of five co-chairs, any three of whom open the directory."""

import hashlib
import pathlib
import sys
import unittest

import wire
from chapter import Chapter, sample_roster
from refusal import check_refusal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "vectors"))
from ristretto import BASE, scalar_bytes  # noqa: E402

PREFIX = "sodality-share-1-"
VALUE = slice(35, 67)  # Of a share's body.
COMMITMENT = slice(67, 99)


def body_of(path):
    text = path.read_text(encoding="utf-8")
    token = "".join(text[text.index(PREFIX):].split())
    return bytes.fromhex(token[len(PREFIX):-9])


def write_share(path, body):
    """A share with the checksum that fits whatever it says."""
    checksum = hashlib.sha256(PREFIX.encode() + body).hexdigest()[:8]
    path.write_text(f"{PREFIX}{body.hex()}-{checksum}\n", encoding="utf-8")
    return path


def dealt_anew(chapter, index):
    """The body of a share of three of five, of invented numbers."""
    numbers = (1234567, 89, 1011)
    commitments = [(number * BASE).encode() for number in numbers]
    parts = (b"sodality/share-set/1", chapter, b"\3", b"\5", *commitments)
    framed = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
    value = sum(number * index**power for power, number in enumerate(numbers))
    return (bytes([index, 3, 5]) + chapter
            + hashlib.sha256(framed).digest()[:16] + scalar_bytes(value)
            + b"".join(commitments))


def shared(chapter):
    """Sets a chapter up among five; the files of their shares."""
    folder = chapter.folder / "shares"
    chapter.init("--shares", 5, "--threshold", 3, "--shares-out", folder)
    return sorted(folder.iterdir())


class SharesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = chapter = cls.enterClassContext(Chapter())
        cls.data = ("--data", chapter.data)
        cls.shares = shared(chapter)
        cls.serve()
        for share in cls.shares[:3]:
            cls.unseal(share).expect(0)
        chapter.admin = chapter.join("Ada Admin",
                                     chapter.folder / "admin.invite")
        roster = sample_roster(chapter.folder / "roster.csv", 50)
        chapter.admin.ask("roster", "push", str(roster))
        chapter.admin.ask("member", "add", "given_name=Zoe",
                          "family_name=Sample")

    @classmethod
    def serve(cls):
        """Without any key, so that it starts sealed."""
        cls.chapter.serve("--json")

    @classmethod
    def unseal(cls, share):
        return cls.chapter.daemon("unseal", *cls.data, share)

    def setUp(self):
        """Each test begins with a server that is sealed and has no share."""
        if self.chapter.server is None:
            self.serve()
            return
        unsealed = self.is_serving()
        self.chapter.daemon("seal", *self.data).expect(0)
        if unsealed:
            self.chapter.await_listening()

    def is_serving(self):
        return wire.is_serving(self.chapter.address,
                               self.chapter.admin.profile)

    def progress(self, share):
        """(shares, threshold) while others are missing, else None."""
        said = self.chapter.daemon("unseal", *self.data, share,
                                   "--json").expect(0).json
        if said["state"] == "unsealed":
            self.assertEqual(said, {"state": "unsealed"})
            return None
        return said["shares"], said["threshold"]

    def refuse(self, code, share, words):
        """A wrong share: named, and never repeated."""
        error = check_refusal(self, code, self.chapter.daemon, "unseal",
                              *self.data, share)
        self.assertIn(words, error["message"])
        self.assertNotRegex(error["message"], "[0-9a-f]{16}")
        self.assertFalse(self.is_serving())

    def forged(self, **changes):
        """The fifth share with bytes at some places changed."""
        body = bytearray(body_of(self.shares[4]))
        for place, data in changes.items():
            at = int(place.removeprefix("at_"))
            body[at:at + len(data)] = data
        return write_share(self.chapter.folder / "forged.txt", bytes(body))

    def test_each_holder_checks_alone(self):
        said = [self.chapter.person("nobody").ask("keys", "shares", "verify",
                                                  str(share))
                for share in self.shares]
        self.assertEqual([share["index"] for share in said], [1, 2, 3, 4, 5])
        self.assertEqual(len({share["set"] for share in said}), 1)
        for share in said:
            self.assertEqual((share["threshold"], share["count"]), (3, 5))
        self.assertFalse((self.chapter.folder / "profile nobody").exists())
        forged = self.forged(at_35=b"\1" * 8)
        error = check_refusal(self, 2, self.chapter.person("nobody").run,
                              "keys", "shares", "verify", str(forged))
        self.assertEqual(error["reason"], "BAD_FILE")
        self.assertIn("does not fit its commitments", error["message"])

    def test_any_three_open_it_and_fewer_nothing(self):
        for three in ((4, 2, 0), (1, 3, 4)):
            first, second, third = (self.shares[place] for place in three)
            self.assertFalse(self.is_serving())
            self.assertEqual(self.progress(first), (1, 3))
            self.assertEqual(self.progress(second), (2, 3))
            self.assertFalse(self.is_serving())
            error = check_refusal(self, 10, self.chapter.admin.run, "status")
            self.assertEqual(error["reason"], "SEALED")
            self.assertIsNone(self.progress(third))
            self.assertTrue(self.is_serving())
            found = self.chapter.admin.ask("find", "zoe", "sample")["members"]
            self.assertEqual(found[0]["fields"]["given_name"], "Zoe")
            self.chapter.daemon("seal", *self.data).expect(0)
            self.chapter.await_listening()

    def test_wrong_shares_between_right_ones(self):
        with Chapter() as other:
            theirs = shared(other)[4].read_bytes()
        elsewhere = self.chapter.folder / "elsewhere.txt"
        elsewhere.write_bytes(theirs)
        body = body_of(self.shares[4])
        longer = write_share(self.chapter.folder / "longer.txt",
                             body + body[-32:])
        typo = self.chapter.folder / "typo.txt"
        text = self.shares[4].read_text(encoding="utf-8")
        typo.write_text(text[:-4] + "\n", encoding="utf-8")
        self.assertEqual(self.progress(self.shares[0]), (1, 3))
        for code, share, words in (
                (10, elsewhere, "another chapter's"),
                (7, self.shares[0], "share 1 is in already"),
                (2, typo, "the share"),
                (2, longer, "4 commitments where its threshold is 3"),
                (2, self.chapter.folder / "none.txt", "cannot open"),
                (2, self.chapter.folder / "admin.invite", "no share")):
            self.refuse(code, share, words)
        for words, changes in (
                ("number 0", {"at_0": b"\0"}),
                ("number 9 of 5", {"at_0": b"\x09"}),
                ("does not fit", {"at_0": b"\1"}),
                ("does not fit", {"at_35": b"\1" * 8}),
                ("out of range", {"at_35": b"\xff" * 32}),
                ("not those of the set", {"at_3": b"other chapter 16"}),
                ("not those of the set", {"at_19": b"an older set 16b"}),
                ("no point", {"at_67": b"\xff" * 32}),
                ("shares cannot be", {"at_1": b"\1"})):
            self.refuse(2, self.forged(**changes), words)
        self.assertEqual(self.progress(self.shares[1]), (2, 3))
        self.assertIsNone(self.progress(self.shares[4]))
        self.assertTrue(self.is_serving())

    def test_a_share_of_another_issue_in_the_same_chapter(self):
        """Whoever deals anew makes everything fit but the set."""
        chapter = body_of(self.shares[0])[3:19]
        share = write_share(self.chapter.folder / "older.txt",
                            dealt_anew(chapter, index=3))
        said = self.chapter.person("nobody").ask("keys", "shares", "verify",
                                                 str(share))
        self.assertEqual(said["index"], 3)
        self.refuse(10, share, "of another set")

    def test_a_kill_between_shares_begins_at_zero(self):
        self.assertEqual(self.progress(self.shares[0]), (1, 3))
        self.assertEqual(self.progress(self.shares[1]), (2, 3))
        self.chapter.kill()
        self.serve()
        self.assertFalse(self.is_serving())
        self.assertEqual(self.progress(self.shares[2]), (1, 3))

    def test_a_share_comes_from_afar_without_lying_on_the_server(self):
        """As `ssh server sodalityd unseal ... - < share` does it."""
        for share, said in zip(self.shares, ("1 of 3 shares\n",
                                             "2 of 3 shares\n", "unsealed\n")):
            done = self.chapter.daemon("unseal", *self.data, "-",
                                       stdin=share.read_bytes()).expect(0)
            self.assertEqual(done.err.decode(), said)
        self.assertTrue(self.is_serving())
        for nothing in (b"", b"x" * 5000):
            self.chapter.daemon("seal", *self.data).expect(0)
            if nothing == b"":
                self.chapter.await_listening()
            self.chapter.daemon("unseal", *self.data, "-",
                                stdin=nothing).expect(2)

    def test_seal_forgets_what_was_handed_in(self):
        self.assertEqual(self.progress(self.shares[0]), (1, 3))
        self.chapter.daemon("seal", *self.data).expect(0)
        self.assertEqual(self.progress(self.shares[1]), (1, 3))

    def test_without_a_share_it_says_how_far_it_is(self):
        error = check_refusal(self, 2, self.chapter.daemon, "unseal",
                              *self.data)
        self.assertIn("0 of 3 shares are in", error["message"])
        self.progress(self.shares[3])
        error = check_refusal(self, 2, self.chapter.daemon, "unseal",
                              *self.data)
        self.assertIn("1 of 3 shares are in", error["message"])
        self.assertEqual(error["hint"],
                         "sodalityd unseal --data DIR SHARE-FILE")

    def test_doctor_takes_shares(self):
        self.chapter.stop()
        given = [word for share in self.shares[2:]
                 for word in ("--share", str(share))]
        report = self.chapter.daemon("--json", "doctor", *self.data,
                                     *given).expect(0).json
        [custody] = [finding for finding in report["findings"]
                     if finding["subject"] == "custody"]
        verified = self.chapter.admin.ask("keys", "shares", "verify",
                                          str(self.shares[0]))
        self.assertIn(f"3 of 5 shares, set {verified['set']}",
                      custody["text"])
        self.assertIn("keyring", {finding["subject"]
                                  for finding in report["findings"]})
        check_refusal(self, 10, self.chapter.daemon, "doctor", *self.data,
                      *given[:4])

    def test_no_share_is_in_the_log_or_the_folder(self):
        for share in self.shares[:3]:
            self.unseal(share).expect(0)
        self.chapter.stop()
        log = self.chapter.log.read_bytes()
        self.assertIn(b'"event":"share-taken","share":3', log)
        files = [path.read_bytes() for path in self.chapter.data.rglob("*")
                 if path.is_file()]
        for share in self.shares:
            body = body_of(share)
            value = body[VALUE]
            for content in (log, *files):
                for secret in (value, value.hex().encode(), body[COMMITMENT],
                               PREFIX.encode()):
                    self.assertNotIn(secret, content)


if __name__ == "__main__":
    unittest.main()
