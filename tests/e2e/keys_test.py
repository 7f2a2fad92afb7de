"""A new wrap key while the directory is in use: all records come under it, and
nobody who looks or edits notices."""

import concurrent.futures
import time
import unittest

from chapter import Chapter, sample_roster
from refusal import check_refusal

# A sweep of so many lasts longer than a kill takes to come.
MEMBERS = 12_000


class KeysTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = chapter = cls.enterClassContext(Chapter()).start()
        cls.admin = chapter.admin
        roster = sample_roster(chapter.folder / "roster.csv", MEMBERS)
        cls.admin.ask("roster", "push", str(roster))
        cls.cora = chapter.enrol("Cora Coordinator")
        chapter.grant(cls.cora)
        cls.one = min(cls.admin.find("--where", "region=North"))

    def versions(self):
        """State and records of each wrap key, and the rotation that runs."""
        status = self.admin.ask("keys", "status")
        [wrap] = [key for key in status["keys"] if key["kind"] == "wrap"]
        return ({key["version"]: (key["state"], key["records"])
                 for key in wrap["versions"]}, status["rotation"])

    def finished(self):
        """The versions, once no rotation runs."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            _, rotation = self.versions()
            if rotation is None:
                return self.versions()[0]
            self.assertEqual(rotation["kind"], "wrap")
            self.assertIn(rotation["phase"], ("starting", "sweeping"))
            self.assertLessEqual(rotation["done"], rotation["total"])
        return self.fail("the rotation does not end")

    def number(self, action):
        """Of the newest entry of that kind."""
        entries = self.admin.ask("ledger", "--limit", "100000")["entries"]
        return max(entry["number"] for entry in entries
                   if entry["action"] == action)

    def members(self):
        return self.admin.ask("status")["server"]["members"]

    def use(self, count):
        """A look-up and an edit, as good as ever."""
        self.assertIn(self.one, self.cora.find("--where", "region=North"))
        pronouns = f"they/{count}"
        self.admin.ask("member", "edit", self.one, f"pronouns={pronouns}")
        shown = self.admin.ask("show", self.one)["members"][0]
        self.assertEqual(shown["fields"]["pronouns"], pronouns)

    def rotate(self, to):
        """Rotates while the directory is used, to the end."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            rotation = pool.submit(self.admin.ask, "keys", "rotate", "wrap",
                                   "--wait")
            count = 0
            while count == 0 or not rotation.done():
                count += 1
                self.use(count)
        self.assertEqual(rotation.result(),
                         {"kind": "wrap", "from": to - 1, "to": to,
                          "finished": True})
        versions, running = self.versions()
        self.assertIsNone(running)
        self.assertEqual(versions[to], ("ACTIVE", self.members()))
        for version in range(1, to):
            self.assertEqual(versions[version], ("RETIRED", 0))

    def restart(self):
        self.assertEqual(self.chapter.stop(), 0)
        report = self.chapter.daemon(
            "--json", "doctor", "--data", self.chapter.data, "--root-key",
            self.chapter.root_key).expect(0).json
        self.assertTrue(all(finding["health"] != "bad"
                            for finding in report["findings"]), report)
        self.chapter.serve()

    def test_1_a_rotation_while_the_directory_is_used(self):
        versions, running = self.versions()
        self.assertEqual(versions, {1: ("ACTIVE", self.members())})
        self.assertGreaterEqual(self.members(), MEMBERS - 20)
        self.assertIsNone(running)
        self.rotate(2)

    def test_2_everything_is_there_after_a_restart(self):
        before = self.versions()
        self.restart()
        self.assertEqual(self.versions(), before)
        self.use(0)
        self.admin.ask("ledger", "verify")

    def test_3_the_ledger_says_who_rotated_which_key(self):
        entries = self.admin.ask("ledger", "--limit", "100000")["entries"]
        subjects = {entry["action"]: entry for entry in reversed(entries)
                    if entry["subject"].startswith("wrap-")}
        for action in ("ROTATE_KEY", "FINISH_ROTATION"):
            self.assertEqual(subjects[action]["subject"], "wrap-2")
            self.assertEqual(subjects[action]["outcome"], "OK")
        self.assertEqual(subjects["ROTATE_KEY"]["actor"]["name"], "Ada Admin")

    def test_4_a_kill_in_the_middle_is_made_good(self):
        begun = self.admin.ask("keys", "rotate", "wrap")
        self.assertEqual(begun, {"kind": "wrap", "from": 2, "to": 3,
                                 "finished": False})
        self.chapter.kill()
        self.chapter.serve()
        self.use(4)
        versions = self.finished()
        self.assertGreater(self.number("FINISH_ROTATION"),
                           self.number("UNSEAL"), "the kill came too late")
        self.assertEqual(versions[3], ("ACTIVE", self.members()))
        self.assertEqual(versions[2], ("RETIRED", 0))
        self.restart()
        self.rotate(4)

    def test_5_only_admins_and_only_wrap(self):
        for words in (("status",), ("rotate", "wrap")):
            error = check_refusal(self, 5, self.cora.run, "keys", *words)
            self.assertEqual(error["reason"], "ROLE_NOT_ALLOWED")
        for kind in ("index", "page", "root", "ledger", "state", "ca", "no"):
            error = check_refusal(self, 2, self.admin.run, "keys", "rotate",
                                  kind)
            self.assertEqual(error["hint"], "sodality keys rotate wrap")

    def test_6_people_see_what_scripts_see(self):
        table = self.admin.run("keys", "status").expect(0).out.decode()
        [row] = [line.split() for line in table.splitlines()
                 if line.startswith("wrap ") and " ACTIVE " in line]
        self.assertEqual(row[-1], str(self.members()))


if __name__ == "__main__":
    unittest.main()
