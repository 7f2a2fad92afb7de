"""A chapter whose keys are rotated while it is used: what tests of each work
have in common."""

import concurrent.futures
import time
import unittest

from chapter import Chapter, sample_roster
from refusal import check_refusal

# A sweep of so many lasts longer than a kill takes to come.
MEMBERS = 12_000


class RotationCase(unittest.TestCase):
    """`kind` and `work` are those of the rotations that are begun."""

    kind = "wrap"
    work = "rewrap"

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
        """State and records of each version, and the rotation that runs."""
        status = self.admin.ask("keys", "status")
        [key] = [key for key in status["keys"] if key["kind"] == self.kind]
        return ({version["version"]: (version["state"], version["records"])
                 for version in key["versions"]}, status["rotation"])

    def finished(self):
        """The versions, once no rotation runs."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            _, rotation = self.versions()
            if rotation is None:
                return self.versions()[0]
            self.assertEqual(rotation["kind"], self.kind)
            self.assertEqual(rotation["work"], self.work)
            self.assertIn(rotation["phase"],
                          ("starting", "copying", "sweeping"))
            self.assertLessEqual(rotation["done"], rotation["total"])
        return self.fail("the rotation does not end")

    def entries(self):
        """Of the ledger, newest first."""
        return self.admin.ask("ledger", "--limit", "100000")["entries"]

    def number(self, action):
        """Of the newest entry of that kind."""
        return max(entry["number"] for entry in self.entries()
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

    def words(self):
        """What begins a rotation."""
        return ("keys", "rotate", self.kind)

    def begun(self, to, finished=False):
        return {"kind": self.kind, "work": self.work, "from": to - 1, "to": to,
                "finished": finished}

    def rotate(self, to):
        """Rotates while the directory is used, to the end."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            rotation = pool.submit(self.admin.ask, *self.words(), "--wait")
            count = 0
            while count == 0 or not rotation.done():
                count += 1
                self.use(count)
        self.assertEqual(rotation.result(), self.begun(to, finished=True))
        versions, running = self.versions()
        self.assertIsNone(running)
        self.check_all_at(versions, to)
        return count

    def check_all_at(self, versions, to):
        self.assertEqual(versions[to], ("ACTIVE", self.members()))
        for version in range(1, to):
            self.assertEqual(versions[version], ("RETIRED", 0))

    def killed_in_the_middle(self, to):
        """Begins one, kills the server, uses the next, sees it end."""
        self.assertEqual(self.admin.ask(*self.words()), self.begun(to))
        self.chapter.kill()
        self.doctor(f"a rotation to {self.kind} key version {to} has not ended")
        self.chapter.serve()
        self.use(to)
        versions = self.finished()
        self.assertGreater(self.number("FINISH_ROTATION"),
                           self.number("UNSEAL"), "the kill came too late")
        self.check_all_at(versions, to)

    def killed_after(self, milliseconds, to):
        """The same, at a moment that may be behind its end: whether it was in
        the midst."""
        self.assertEqual(self.admin.ask(*self.words()), self.begun(to))
        time.sleep(milliseconds / 1000)
        self.chapter.kill()
        return self.gone_on_to(to)

    def gone_on_to(self, to):
        """After a kill."""
        self.doctor()
        self.chapter.serve()
        self.use(to)
        self.check_all_at(self.finished(), to)
        return self.number("FINISH_ROTATION") > self.number("UNSEAL")

    def kept_over_a_restart(self):
        before = self.versions()
        self.restart()
        self.assertEqual(self.versions(), before)
        self.use(0)
        self.admin.ask("ledger", "verify")

    def check_acts(self, subject, by_admin, by_server):
        """What the ledger says of a key: one act of an admin's, and others."""
        acts = {entry["action"]: entry for entry in self.entries()
                if entry["subject"] == subject}
        self.assertEqual(set(acts), {by_admin, *by_server})
        for action, entry in acts.items():
            self.assertEqual(entry["outcome"], "OK")
            self.assertEqual(entry["actor"]["name"],
                             "Ada Admin" if action == by_admin else "")

    def check_others_are_refused(self, to):
        """While one runs: a new one each time, since none lasts long."""
        for words in (("reencrypt",), ("rotate", "wrap"), ("rotate", "index")):
            self.assertEqual(self.admin.ask(*self.words()), self.begun(to))
            error = check_refusal(self, 7, self.admin.run, "keys", *words)
            self.assertEqual(error["reason"], "ROTATION_RUNNING")
            self.check_all_at(self.finished(), to)
            to += 1

    def doctor(self, note=None):
        """Finds nothing bad, and says `note`."""
        report = self.chapter.daemon(
            "--json", "doctor", "--data", self.chapter.data, "--root-key",
            self.chapter.root_key).expect(0).json
        self.assertTrue(all(finding["health"] != "bad"
                            for finding in report["findings"]), report)
        if note:
            self.assertIn(note, str(report))

    def restart(self):
        self.assertEqual(self.chapter.stop(), 0)
        self.doctor()
        self.chapter.serve()
