"""New keys of the ledger while the directory is in use: the record goes on under
them, devices follow, and nobody else's signature is taken for the server's."""

import concurrent.futures
import shutil
import unittest

from chapter import Chapter
from refusal import check_refusal
from rotation import RotationCase


def remembered(person):
    """What the device knows of the server, by line."""
    text = (person.profile / "remember").read_text(encoding="utf-8")
    return dict(line.split(": ") for line in text.splitlines()[1:])


class LedgerKeysTest(RotationCase):
    kind = "ledger"
    work = "rekey-ledger"

    def check_all_at(self, versions, to):
        """Two keys, of which the older versions stay."""
        listed = self.admin.ask("keys", "status")["keys"]
        for kind in ("ledger", "ledger-sign"):
            [key] = [key for key in listed if key["kind"] == kind]
            self.assertEqual([(v["version"], v["state"], v["records"])
                              for v in key["versions"]],
                             [(n, "ACTIVE" if n == to else "RETIRED", None)
                              for n in range(1, to + 1)])

    def follow(self, person):
        """The key that the device knows before it looks, and after."""
        before = remembered(person)["ledger-key"]
        person.ask("status")
        return before, remembered(person)["ledger-key"]

    def test_1_a_rotation_while_the_directory_is_used(self):
        self.admin.ask("status")
        self.cora.ask("status")
        self.rotate(2)

    def test_2_everything_is_there_after_a_restart(self):
        self.kept_over_a_restart()

    def test_3_the_ledger_says_who_did_what(self):
        self.check_acts("ledger-2", "ROTATE_KEY",
                        {"ACTIVATE_KEY", "FINISH_ROTATION"})

    def test_4_devices_follow(self):
        before, after = self.follow(self.admin)
        self.assertEqual(before, after)  # `ledger verify` has followed.
        first = remembered(self.cora)["ledger-key"]
        self.assertNotEqual(first, after)
        self.rotate(3)
        # Over two changes at once.
        before, third = self.follow(self.cora)
        self.assertEqual(before, first)
        self.assertNotIn(third, (first, after))
        before, followed = self.follow(self.admin)
        self.assertEqual((before, followed), (after, third))

    def test_5_kills_at_any_moment_are_made_good(self):
        to = 4
        for milliseconds in (0, 0, 2, 4, 8, 16):
            self.killed_after(milliseconds, to)
            self.admin.ask("ledger", "verify")
            to += 1
        before, after = self.follow(self.cora)
        self.assertNotEqual(before, after)

    def test_6_killed_when_the_keyring_is_written(self):
        keyring = self.chapter.data / "keyring"
        to, in_the_midst = 10, 0
        for _ in range(4):
            before = keyring.stat().st_ino
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                asked = pool.submit(self.admin.run, *self.words())
                while keyring.stat().st_ino == before and not asked.done():
                    pass
                self.chapter.kill()
            in_the_midst += self.gone_on_to(to)
            self.admin.ask("ledger", "verify")
            to += 1
        print(in_the_midst, "in the midst", flush=True)

    def test_7_it_is_said_in_words(self):
        said = self.admin.run("keys", "rotate", "ledger", "--wait").expect(0)
        self.assertRegex(said.out, rb"\Athe ledger goes on under ledger-\d+\n\Z")


class ForkTest(unittest.TestCase):
    """Somebody has the folder and the root key of before a rotation, and serves
    them in the server's place: all that a thief of the old keys can state."""

    @classmethod
    def setUpClass(cls):
        cls.chapter = chapter = cls.enterClassContext(Chapter()).start()
        cls.admin = chapter.admin
        cls.cora = chapter.enrol("Cora Coordinator")
        cls.dora = chapter.enrol("Dora Coordinator")
        for person in (cls.admin, cls.cora, cls.dora):
            person.ask("status")
        chapter.stop()
        cls.stolen = chapter.folder / "stolen"
        shutil.copytree(chapter.data, cls.stolen,
                        ignore=shutil.ignore_patterns("*.sock"))
        cls.real = chapter.folder / "real"
        chapter.serve()

    def put(self, folder, keep):
        """The server goes on with `folder`; what it had is kept."""
        self.chapter.stop()
        self.chapter.data.rename(keep)
        folder.rename(self.chapter.data)
        self.chapter.serve()

    def check_key_changed(self, person):
        known = (person.profile / "remember").read_bytes()
        error = check_refusal(self, 7, person.run, "status")
        self.assertEqual(error["reason"], "LEDGER_KEY_CHANGED")
        if person is self.admin:  # Who also misses the entries that were seen.
            error = person.ask("ledger", "verify", code=1)
            self.assertEqual(error["reason"], "BAD_CHAIN")
        self.assertEqual((person.profile / "remember").read_bytes(), known)

    def test_1_who_has_seen_the_new_key_follows_nobody_else(self):
        self.admin.ask("keys", "rotate", "ledger", "--wait")
        self.admin.ask("status")
        self.cora.ask("status")
        self.put(self.stolen, self.real)
        # Signed by the old key, and then by a successor that it names.
        self.check_key_changed(self.cora)
        self.check_key_changed(self.admin)
        fork = self.chapter.person("Ada Admin")
        fork.profile = self.chapter.folder / "fork"
        shutil.copytree(self.admin.profile, fork.profile)
        (fork.profile / "remember").unlink()
        fork.ask("keys", "rotate", "ledger", "--wait")
        fork.ask("ledger", "verify")
        self.check_key_changed(self.cora)
        self.check_key_changed(self.admin)

    def test_2_who_has_not_is_told_at_the_real_server(self):
        # Dora was away: the fork's statement is by the key that she knows.
        before = remembered(self.dora)["ledger-key"]
        self.dora.ask("status")
        self.assertNotEqual(remembered(self.dora)["ledger-key"], before)
        self.put(self.real, self.stolen)
        self.check_key_changed(self.dora)
        self.cora.ask("status")
        self.admin.ask("ledger", "verify")


if __name__ == "__main__":
    unittest.main()
