"""A backup that is made while the directory is in use, put back: what it is
checked for, who may do what afterwards, and that nothing half done stays."""

import signal
import subprocess
import time
import unittest

from chapter import PATIENCE, SODALITYD, Chapter, sample_roster, without_leak_check

MEMBERS = 200
EVERYBODY = ("--where", "languages=English")
NORTH = ("--region", "North")


class RestoreTest(unittest.TestCase):
    def setUp(self):
        self.chapter = self.enterContext(Chapter()).start()
        self.admin = self.chapter.admin
        self.backup = self.chapter.folder / "chapter.backup"
        self.restored = self.chapter.folder / "restored"
        self.push(MEMBERS)

    def push(self, members):
        roster = sample_roster(self.chapter.folder / "roster.csv", members)
        self.admin.ask("roster", "push", str(roster))

    def back_up(self):
        self.admin.run("backup", str(self.backup)).expect(0)
        # The server's own key and the schema lie open in the data folder.
        sealed = self.backup.read_bytes()
        for clear in (b"PRIVATE KEY", b"CERTIFICATE", b"given_name", b"listen"):
            self.assertNotIn(clear, sealed)

    def words(self, *more):
        return ("restore", self.backup, "--data", self.restored, "--root-key",
                self.chapter.root_key, *more)

    def verify(self):
        return self.chapter.daemon(*self.words("--verify-only", "--json"))

    def restore(self):
        """Puts the backup in the place of the folder, and lets Noor in."""
        self.assertEqual(self.chapter.stop(), 0)
        invite = self.chapter.folder / "noor.first"
        self.chapter.daemon(*self.words("--admin", "Noor Sample",
                                        "--invite-out", invite)).expect(0)
        self.chapter.data = self.restored
        self.chapter.serve()
        return self.chapter.join("Noor Sample", invite)

    def left_behind(self):
        return [path.name for path in self.chapter.folder.glob("restored*")]

    def test_everybody_joins_again_and_finds_what_was_backed_up(self):
        robin = self.chapter.enrol("Robin Sample")
        self.chapter.grant(robin)
        unused = self.chapter.invite("Kim Sample", "coordinator")
        before = self.admin.find(*EVERYBODY)
        north = self.admin.find(*NORTH)
        self.back_up()
        verified = self.verify().expect(0)
        self.assertEqual(verified.json["members"], MEMBERS)
        self.assertEqual(self.left_behind(), [])
        late = self.admin.ask("member", "add", "given_name=Late",
                              "email=late@example.org", "languages=English")["id"]
        for person in (self.admin, robin):
            person.ask("status")  # Has seen a later state.

        noor = self.restore()
        self.assertEqual(noor.find(*EVERYBODY), before)
        self.assertNotIn(late, noor.find(*EVERYBODY))
        for person in (self.admin, robin):
            self.assertEqual(person.ask("status", code=4)["reason"],
                             "CERTIFICATE_REFUSED")
        kim = self.chapter.person("Kim Sample")
        kim.ask("join", str(unused), "--server", self.chapter.address, code=4)
        noor.ask("ledger", "verify")
        newest = noor.ask("ledger")["entries"]
        self.assertIn("RESTORE", [entry["action"] for entry in newest])

        # Into the folder of a profile that knew more than the server does.
        self.chapter.admin = noor
        robin.profile.rename(self.chapter.folder / "before")
        again = self.chapter.enrol("Robin Sample")
        self.assertEqual(again.profile, robin.profile)
        again.ask("status")
        again.ask("find", *NORTH, code=5)  # The grant of before is not good any more.
        self.chapter.grant(again)
        self.assertEqual(again.find(*NORTH), north)

    def test_under_another_page_key_and_with_a_rotation_behind_it(self):
        for kind in ("page", "wrap"):
            self.admin.ask("keys", "rotate", kind, "--wait")
        self.back_up()
        keys = self.verify().expect(0).json["keys"]
        kinds = {key["kind"]: key["versions"] for key in keys}
        self.assertEqual([one["state"] for one in kinds["wrap"]],
                         ["RETIRED", "ACTIVE"])
        noor = self.restore()
        self.assertEqual(len(noor.find(*EVERYBODY)), MEMBERS)
        self.chapter.admin = noor
        noor.ask("keys", "rotate", "page", "--wait")
        self.assertEqual(len(noor.find(*EVERYBODY)), MEMBERS)

    def test_damage_is_named_and_leaves_nothing(self):
        self.back_up()
        whole = self.backup.read_bytes()
        for at in (len(whole) // 2, len(whole) - 1):
            damaged = bytearray(whole)
            damaged[at] ^= 1
            self.backup.write_bytes(damaged)
            self.assertIn("the backup is damaged",
                          self.verify().expect(1).error["message"])
        for size in (0, 20, 3000, len(whole) // 2, len(whole) - 1):
            self.backup.write_bytes(whole[:size])
            self.verify().expect(1)
        self.assertEqual(self.left_behind(), [])
        self.backup.write_bytes(whole)
        self.verify().expect(0)

    def test_whoever_interrupts_it_finds_nothing_left(self):
        self.push(3000)
        self.back_up()
        for which in (signal.SIGINT, signal.SIGTERM):
            with subprocess.Popen(
                    [SODALITYD, *map(str, self.words("--verify-only"))],
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                    env=without_leak_check(self.chapter.environment)) as program:
                deadline = time.monotonic() + PATIENCE
                while not self.left_behind():
                    self.assertLess(time.monotonic(), deadline)
                program.send_signal(which)
                _, said = program.communicate(timeout=PATIENCE)
            self.assertEqual(program.returncode, 130, said)
            self.assertEqual(self.left_behind(), [])


if __name__ == "__main__":
    unittest.main()
