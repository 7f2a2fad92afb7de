"""Whoever can write to the data folder can stop the server, not deceive it: what
is put back or changed is refused by name, what is read is right or refused, and a
damaged file is left as it is for whoever has to look into it.

SODALITY_E2E_FLIPS says how many bits of each file are flipped, one at a time;
SODALITY_E2E_SEED repeats which.
"""

import itertools
import os
import random
import shutil
import ssl
import time
import unittest

from chapter import PATIENCE, Chapter, sample_roster

FLIPS = int(os.environ.get("SODALITY_E2E_FLIPS", "5"))
SEED = int(os.environ.get("SODALITY_E2E_SEED",
                          str(random.SystemRandom().randrange(10**6))))
SEGMENT = "ledger/seg-00000000000000000001"
PARTS = {"database": ("members.db", "members.db-wal", "members.db-shm"),
         "ledger": (SEGMENT,), "keyring": ("keyring",)}


class Tampered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = chapter = cls.enterClassContext(Chapter()).start()
        roster = sample_roster(chapter.folder / "roster.csv", 40)
        chapter.admin.ask("roster", "push", str(roster))
        chapter.admin.find("member1@example.org")

    def keep(self, name, folder):
        copy = self.chapter.folder / name
        shutil.copytree(folder, copy,
                        ignore=shutil.ignore_patterns("*.sock"))
        return copy

    def put(self, copy, folder):
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)

    def files(self):
        """Every byte of the data folder."""
        return {path: path.read_bytes() for path in
                sorted(self.chapter.data.rglob("*")) if path.is_file()}

    def doctor(self):
        """Its verdict; it looks and changes nothing."""
        before = self.files()
        verdict = self.chapter.daemon(
            "doctor", "--data", self.chapter.data, "--root-key",
            self.chapter.root_key)
        self.assert_kept(before)
        return verdict

    def assert_kept(self, before, apart_from=()):
        after = self.files()
        changed = {path.name for path in before.keys() | after.keys()
                   if before.get(path) != after.get(path)}
        self.assertLessEqual(changed, set(apart_from))

    def refusal(self):
        """What the server says when it does not start; empty when it does.

        Then the files are as they were, but for SQLite's index of the log."""
        begin, before = self.chapter.log.stat().st_size, self.files()
        try:
            self.chapter.serve()
        except AssertionError:
            self.chapter.server.wait()
            self.chapter.server.stdout.close()
            self.chapter.server = None
            [error] = [line for line in self.said(begin)
                       if line.startswith("sodalityd: error: ")]
            self.assert_kept(before, {"members.db-shm"})
            return error
        return ""

    def said(self, begin):
        """The lines of the log from a place on."""
        return self.chapter.log.read_bytes()[begin:].decode(
            errors="replace").splitlines()


class PutBackTest(Tampered):
    """Each part and each set of parts of an earlier day (threat-model.md)."""

    def test_every_set_of_parts(self):
        chapter = self.chapter
        cora = chapter.enrol("Cora Coordinator")
        chapter.stop()
        earlier = self.keep("earlier", chapter.data)
        chapter.serve()
        chapter.grant(cora)
        chapter.admin.ask("find", "member2@example.org", "--reveal")
        chapter.stop()
        later = self.keep("later", chapter.data)
        for count in range(1, len(PARTS) + 1):
            for parts in itertools.combinations(PARTS, count):
                with self.subTest(parts=parts):
                    self.put(later, chapter.data)
                    for name in itertools.chain(*(PARTS[p] for p in parts)):
                        (chapter.data / name).unlink(missing_ok=True)
                        if (earlier / name).exists():
                            shutil.copy2(earlier / name, chapter.data / name)
                    self.check(set(parts), self.refusal())

    def check(self, parts, refusal):
        older = {"database": "the database is older than the ledger",
                 "ledger": "the ledger is older than the database"}
        one_of_them = parts & set(older)
        if len(one_of_them) == 1:
            self.assertIn(older[one_of_them.pop()], refusal)
            self.assertEqual(self.doctor().code, 1)
            return
        # The keyring has not changed in between; both together are an honest
        # backup to the server, and a step back to a device that was there.
        self.assertEqual(refusal, "")
        result = self.chapter.admin.run("--json", "ledger", "verify")
        self.assertEqual(self.chapter.stop(), 0)
        if one_of_them:
            self.assertEqual(result.code, 1)
            self.assertIn("was there before and is gone",
                          result.error["message"])
        else:
            self.assertEqual(result.code, 0, str(result))


class TlsPartsTest(Tampered):
    """Parts that are whole and do not belong together."""

    def setUp(self):
        self.whole = self.keep("whole", self.chapter.data)
        if self.chapter.server:
            self.chapter.kill()

    def tearDown(self):
        self.put(self.whole, self.chapter.data)
        shutil.rmtree(self.whole)

    def check(self, message):
        self.assertIn(message, self.refusal())
        doctor = self.doctor()
        self.assertEqual(doctor.code, 1)
        self.assertIn(message, doctor.out.decode())

    def test_key_of_another_chapter(self):
        with Chapter() as other:
            other.init()
            shutil.copy2(other.data / "server.key",
                         self.chapter.data / "server.key")
        self.check("server.key is not the key of server.pem")

    def test_certificate_that_the_authority_did_not_sign(self):
        path = self.chapter.data / "server.pem"
        der = bytearray(ssl.PEM_cert_to_DER_cert(path.read_text()))
        der[-1] ^= 1  # The end of its signature.
        path.write_text(ssl.DER_cert_to_PEM_cert(bytes(der)))
        self.check("server.pem: not issued by this authority")


class DoctorTest(Tampered):
    def setUp(self):
        if self.chapter.server is None:
            self.chapter.serve()

    def test_a_whole_folder_is_well_and_stays_as_it_is(self):
        """After a kill, with the log full, and after a clean end."""
        self.chapter.admin.ask("member", "add", "given_name=Wally")
        self.chapter.kill()
        self.assertGreater(
            (self.chapter.data / "members.db-wal").stat().st_size, 4096)
        self.assertEqual(self.doctor().code, 0)
        (self.chapter.data / "members.db-shm").unlink()
        self.assertEqual(self.doctor().code, 0)
        self.chapter.serve()
        self.assertEqual(self.chapter.stop(), 0)
        self.assertEqual(self.doctor().code, 0)
        for name in ("members.db-wal", "members.db-shm"):
            (self.chapter.data / name).unlink()
        self.assertEqual(self.doctor().code, 0)

    def test_a_damaged_end_of_the_ledger_is_named_by_both(self):
        """It looks as an append that was cut off, so the server goes on."""
        chapter = self.chapter
        chapter.admin.find("member3@example.org")  # An entry of no write.
        chapter.kill()
        path = chapter.data / SEGMENT
        data = bytearray(path.read_bytes())
        last = len(data.rstrip(b"\0")) - 1
        data[last] ^= 1
        path.write_bytes(data)
        doctor = self.doctor()
        self.assertEqual(doctor.code, 0)
        self.assertIn("are no whole entries", doctor.out.decode())
        begin = chapter.log.stat().st_size
        chapter.serve()
        self.assertIn('"ledger-end-dropped","bytes":',
                      "".join(self.said(begin)))
        self.assertEqual(chapter.stop(), 0)
        self.assertNotIn("whole entries", self.doctor().out.decode())


class FlipTest(Tampered):
    """One bit of one file."""

    def test_every_file(self):
        print(f"SODALITY_E2E_SEED={SEED}", flush=True)
        chapter = self.chapter
        question = ("find", "--region", "East Bay", "--reveal")
        self.expected = chapter.admin.ask(*question)["members"]
        self.assertTrue(self.expected)
        chapter.kill()  # So that some of it is in the WAL alone.
        self.whole = self.keep("whole", chapter.data)
        self.profile = self.keep("profile", chapter.admin.profile)
        chance = random.Random(SEED)
        for name in ("members.db", "members.db-wal", SEGMENT, "keyring",
                     "chapter.toml", "ca.pem", "server.pem", "server.key"):
            size = len((self.whole / name).read_bytes().rstrip(b"\0"))
            self.assertGreater(size, 0, name)
            for _ in range(FLIPS):
                bit = chance.randrange(8 * size)
                with self.subTest(file=name, bit=bit):
                    self.flip(name, bit)
                    self.check(name, question)

    def flip(self, name, bit):
        self.put(self.whole, self.chapter.data)
        self.put(self.profile, self.chapter.admin.profile)
        self.damaged = bytearray((self.whole / name).read_bytes())
        self.damaged[bit // 8] ^= 1 << bit % 8
        (self.chapter.data / name).write_bytes(self.damaged)

    def answer(self, question):
        """Asked again while a server that seals itself begins anew."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            result = self.chapter.admin.run("--json", *question)
            if result.code != 8:
                break
        return result

    def check(self, name, question):
        doctor = self.doctor()
        begin = self.chapter.log.stat().st_size
        refusal = self.refusal()
        if refusal:
            self.assertIn(doctor.code, (1, 10), refusal + str(doctor))
            return
        result = self.answer(question)
        self.chapter.kill()
        if result.code == 0:
            self.assertEqual(result.json["members"], self.expected)
        else:
            self.assertIn(result.code, (1, 10), str(result))
            self.assertEqual(doctor.code, 1, str(result) + str(doctor))
            self.assertIn("damage-found", "".join(self.said(begin)))


if __name__ == "__main__":
    unittest.main()
