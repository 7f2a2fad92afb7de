"""What ended after a backup ends again with it, and everybody else goes on: by
a copy of the chapter's tombstones that is newer than the backup."""

import shutil
import unittest

from chapter import Chapter, sample_roster

MEMBERS = 60
EVERYBODY = ("--where", "languages=English")


class TombstonesTest(unittest.TestCase):
    def setUp(self):
        self.chapter = self.enterContext(Chapter()).start()
        self.admin = self.chapter.admin
        self.lost = self.chapter.folder / "lost"
        self.restored = self.chapter.folder / "restored"
        kept = self.chapter.folder / "kept"
        kept.mkdir()
        self.backup = kept / "chapter.backup"
        self.roster = sample_roster(self.chapter.folder / "roster.csv", MEMBERS)
        self.admin.ask("roster", "push", str(self.roster))
        self.robin = self.enrolled("Robin Sample")
        self.kim = self.enrolled("Kim Sample")
        self.noor = self.enrolled("Noor Sample")
        self.admin.run("backup", str(self.backup)).expect(0)

    def enrolled(self, name):
        person = self.chapter.enrol(name)
        self.chapter.grant(person, classes=("basic", "sensitive"))
        return person

    def lose(self):
        self.assertEqual(self.chapter.stop(), 0)
        self.chapter.data.rename(self.lost)

    def words(self, *more):
        return ("restore", self.backup, "--data", self.restored, "--root-key",
                self.chapter.root_key, *more)

    def restore(self, *more):
        told = self.chapter.daemon(*self.words("--json", *more)).expect(0).json
        self.chapter.data = self.restored
        self.chapter.serve()
        return told

    def device_of(self, name):
        [device] = [one["id"] for one in self.admin.ask("device", "list")["devices"]
                    if one["principal"]["name"] == name]
        return device

    def end_some(self):
        """Erases two members, revokes Robin's device and suspends Kim."""
        erased = sorted(self.noor.find(*EVERYBODY))[:2]
        for member in erased:
            self.admin.ask("member", "erase", member, "--yes")
        self.admin.ask("device", "revoke", self.device_of("Robin Sample"))
        self.admin.ask("principal", "suspend", "Kim Sample")
        return set(erased)

    def test_what_ended_since_ends_again_and_the_rest_goes_on(self):
        before = self.noor.find(*EVERYBODY)
        erased = self.end_some()
        for person in (self.admin, self.noor):
            person.ask("status")  # Has seen a later state.
        self.lose()
        told = self.restore("--tombstones", self.lost / "tombstones")
        self.assertEqual(told["erased_again"], len(erased))
        self.assertGreaterEqual(told["access_ended"], 1)
        self.assertIn("known_until", told)

        said = self.noor.run("status").expect(0)
        self.assertIn(b"the chapter was restored from a backup", said.err)
        said = self.noor.run("status").expect(0)
        self.assertNotIn(b"restored", said.err)
        said = self.admin.run("ledger", "verify").expect(0)
        self.assertIn(b"the chapter was restored from a backup", said.err)
        self.assertEqual(self.noor.find(*EVERYBODY), before - erased)
        self.robin.ask("status", code=4)
        self.kim.ask("status", code=4)
        self.admin.ask("principal", "suspend", "Kim Sample", "--lift")
        self.kim.ask("status")  # The device is good: it was the person.
        report = self.admin.ask("roster", "push", str(self.roster))
        self.assertEqual((report["added"], report["suppressed"]),
                         (0, len(erased)))
        actions = [one["action"] for one in self.admin.ask("ledger")["entries"]]
        self.assertEqual(actions.count("ERASE_MEMBER"), len(erased))
        self.assertIn("RESTORE", actions)
        self.assertEqual(self.chapter.stop(), 0)
        self.chapter.daemon("doctor", "--data", self.restored, "--root-key",
                            self.chapter.root_key).expect(0)

    def test_what_one_beside_the_backup_names_ends_but_it_keeps_nobody(self):
        erased = self.end_some()
        self.lose()
        shutil.copy(self.lost / "tombstones", self.backup.parent / "tombstones")
        refused = self.chapter.daemon(*self.words("--json")).expect(2)
        self.assertIn(b"named with --tombstones", refused.err)
        invite = self.chapter.folder / "mica.first"
        told = self.restore("--admin", "Mica Sample", "--invite-out", invite)
        self.assertEqual(told["erased_again"], len(erased))
        self.assertNotIn("known_until", told)
        mica = self.chapter.join("Mica Sample", invite)
        self.assertFalse(erased & mica.find(*EVERYBODY))
        self.noor.ask("status", code=4)

    def test_what_is_behind_a_cut_is_not_relied_on(self):
        """Whoever shortens a copy must not get back what it says they lost."""
        self.end_some()
        self.lose()
        copy = self.chapter.folder / "copy"
        shutil.copy(self.lost / "tombstones", copy)
        with copy.open("r+b") as file:
            file.truncate(copy.stat().st_size - 3)
        refused = self.chapter.daemon(*self.words("--json", "--tombstones", copy)).expect(2)
        self.assertIn(b"no whole entry", refused.err)

    def test_who_saw_the_restored_server_does_not_go_back(self):
        self.end_some()
        self.lose()
        self.restore("--tombstones", self.lost / "tombstones")
        self.noor.ask("status")
        self.assertEqual(self.chapter.stop(), 0)
        # The lost folder turns up, with more than the restored one has.
        self.chapter.data = self.lost
        self.chapter.serve()
        self.assertEqual(self.noor.ask("status", code=1)["reason"], "SERVER_WENT_BACK")

    def test_without_newer_ones_nobody_keeps_access(self):
        before = self.noor.find(*EVERYBODY)
        self.end_some()
        self.lose()
        self.assertIn("nothing says what ended",
                      self.chapter.daemon(*self.words("--json")).expect(2).error["message"])
        # Of the backup's own time, or another chapter's, they say nothing more.
        old = self.backup.parent / "tombstones"
        shutil.copy(self.lost / "tombstones", old)
        old.write_bytes(old.read_bytes()[:24])
        self.chapter.daemon(*self.words("--json")).expect(2)
        with Chapter() as other:
            other.start()
            shutil.copy(other.data / "tombstones", old)
            other.stop()
        self.chapter.daemon(*self.words("--json")).expect(2)
        self.assertIn("another chapter's tombstones",
                      self.chapter.daemon(*self.words("--json", "--tombstones",
                                                      old)).expect(1).error["message"])
        self.assertIn("nowhere", self.chapter.daemon(
            *self.words("--json", "--tombstones", "nowhere")).expect(1).error["message"])
        self.assertEqual(list(self.chapter.folder.glob("restored*")), [])
        # With one who lets the others in it goes on, as of the backup.
        old.unlink()
        invite = self.chapter.folder / "noor.first"
        told = self.restore("--admin", "Mica Sample", "--invite-out", invite)
        mica = self.chapter.join("Mica Sample", invite)
        self.assertEqual(mica.find(*EVERYBODY), before)
        self.assertNotIn("known_until", told)
        self.assertEqual(told["erased_again"], 0)
        for person in (self.admin, self.noor):
            person.ask("status", code=4)

    def test_damage_is_named_and_leaves_nothing(self):
        self.end_some()
        self.lose()
        copy = self.chapter.folder / "copy"
        damaged = bytearray((self.lost / "tombstones").read_bytes())
        damaged[60] ^= 1
        copy.write_bytes(damaged)
        self.assertIn("entry 1: ", self.chapter.daemon(*self.words(
            "--json", "--tombstones", copy)).expect(1).error["message"])
        self.assertEqual(list(self.chapter.folder.glob("restored*")), [])


if __name__ == "__main__":
    unittest.main()
