"""What nobody does alone: old keys are destroyed when a second admin approves,
and by nobody's word else."""

import unittest

from chapter import Chapter, sample_roster
from refusal import check_refusal


class ApprovalsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = cls.enterClassContext(Chapter()).start()
        cls.admin = cls.chapter.admin
        roster = sample_roster(cls.chapter.folder / "roster.csv", 300)
        cls.admin.ask("roster", "push", str(roster))

    def versions(self, kind):
        [key] = [key for key in self.admin.ask("keys", "status")["keys"]
                 if key["kind"] == kind]
        return {one["version"]: one["state"] for one in key["versions"]}

    def retire(self, kind="wrap"):
        """One more version; the first one that is to stay."""
        self.admin.ask("keys", "rotate", kind, "--wait")
        return max(self.versions(kind))

    def settled(self):
        while self.admin.ask("keys", "status")["rotation"]:
            pass

    def propose(self, kind, below, *options, by=None):
        done = (by or self.admin).run(
            "--json", "keys", "trim", kind, "--below", str(below), "--yes",
            *options).expect(12)
        self.assertTrue(done.json["waiting"])
        self.assertEqual(done.json["state"], "pending")
        return done.json["id"]

    def acts(self):
        return {act["id"]: act
                for act in self.admin.ask("approval", "list")["approvals"]}


class TwoAdminsTest(ApprovalsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.chapter.enrol("Bea Admin", "admin")

    def test_1_the_second_admins_approval_does_it(self):
        below = self.retire()
        one = min(self.admin.find("--where", "region=North"))
        old_root = self.chapter.root_key.read_bytes()
        act = self.propose("wrap", below)
        # The proposer's own is no second.
        own = self.admin.run("--json", "approval", "approve", act,
                             "--yes").expect(12)
        self.assertEqual((own.json["approvals"], own.json["needed"]), (1, 2))
        self.assertEqual(self.versions("wrap")[below - 1], "RETIRED")
        # Every command of an admin's says that it waits, and no other's.
        said = self.second.run("device", "list").expect(0)
        self.assertIn(b"1 act that cannot be undone waits for approval",
                      said.err)
        cora = self.chapter.enrol("Cora Coordinator")
        self.assertNotIn(b"cannot be undone", cora.run("status").err)
        shown = self.acts()[act]
        self.assertEqual(shown["state"], "pending")
        self.assertIn(f"below {below} is destroyed", shown["what"][0])
        self.assertEqual([who["name"] for who in shown["approved_by"]],
                         ["Ada Admin"])
        done = self.second.run("approval", "approve", act, "--yes").expect(0)
        self.assertIn(b"is done", done.out)
        self.assertIn(f"below {below} is destroyed".encode(), done.out)
        self.assertIn(b"destroy by hand", done.err)
        self.settled()
        self.assertEqual(self.versions("wrap"),
                         {**{v: "DESTROYED" for v in range(1, below)},
                          below: "ACTIVE"})
        self.assertNotEqual(self.chapter.root_key.read_bytes(), old_root)
        self.assertIn(one, self.admin.find("--where", "region=North"))
        self.admin.ask("member", "edit", one, "pronouns=they")
        self.admin.ask("show", "mfrggzdfmztwq2lknnwg23tpoa", code=6)
        # Once is enough.
        again = self.second.run("--json", "approval", "approve", act,
                                "--yes").expect(0)
        self.assertEqual(again.json["state"], "done")
        check_refusal(self, 7, self.admin.run, "approval", "refuse", act,
                      "--yes")
        actions = [(entry["action"], entry["actor"]["name"])
                   for entry in self.admin.ask("ledger", "--limit",
                                               "10000")["entries"]]
        for entry in (("PROPOSE_ACT", "Ada Admin"),
                      ("APPROVE_ACT", "Bea Admin"),
                      ("TRIM_KEYS", "Bea Admin"),
                      ("REGISTER_APPROVAL_KEY", "Bea Admin")):
            self.assertEqual(actions.count(entry), 1, entry)
        self.chapter.stop()
        self.chapter.serve()
        self.assertIn(one, self.admin.find("--where", "region=North"))
        self.admin.ask("ledger", "verify")

    def test_2_one_who_refuses_ends_it(self):
        act = self.propose("wrap", self.retire())
        refused = self.second.ask("approval", "refuse", act, "--yes")
        self.assertEqual(refused["state"], "refused")
        error = check_refusal(self, 7, self.second.run, "approval", "approve",
                              act, "--yes")
        self.assertEqual(error["reason"], "ACT_ENDED")

    def test_3_nothing_is_signed_unasked(self):
        below = self.retire()
        error = check_refusal(self, 3, self.admin.run, "keys", "trim", "wrap",
                              "--below", str(below))
        self.assertEqual(error["reason"], "NOT_CONFIRMED")
        act = self.propose("wrap", below)
        check_refusal(self, 3, self.second.run, "approval", "approve", act)
        self.admin.ask("approval", "refuse", act, "--yes")
        error = check_refusal(self, 6, self.admin.run, "approval", "approve",
                              "mfrggzdfmztwq2lknnwg23tpoa", "--yes")
        self.assertEqual(error["reason"], "NO_SUCH_ACT")
        cora = self.chapter.enrol("Cyd Coordinator")
        check_refusal(self, 5, cora.run, "approval", "list")

    def test_4_one_who_was_revoked_meanwhile_does_not_count(self):
        dora = self.chapter.enrol("Dora Admin", "admin")
        act = self.propose("wrap", self.retire(), by=dora)
        device = next(one["id"] for one in
                      self.admin.ask("device", "list")["devices"]
                      if one["principal"]["name"] == "Dora Admin")
        self.admin.ask("device", "revoke", device)
        half = self.second.run("--json", "approval", "approve", act,
                               "--yes").expect(12)
        self.assertEqual((half.json["approvals"], half.json["needed"]), (1, 2))
        self.admin.ask("approval", "approve", act, "--yes")
        self.settled()

    def test_5_a_kept_backup_holds_versions_until_it_is_said_to_be_gone(self):
        backup = self.admin.ask("backup",
                                str(self.chapter.folder / "a.backup"))["id"]
        below = self.retire("page")
        error = check_refusal(self, 7, self.admin.run, "keys", "trim", "page",
                              "--below", str(below), "--yes")
        self.assertEqual(error["reason"], "KEY_IN_USE")
        self.assertIn(backup, error["message"])
        act = self.propose("page", below, "--destroyed", backup)
        self.assertIn(backup, " ".join(self.acts()[act]["what"]))
        self.second.ask("approval", "approve", act, "--yes")
        self.settled()
        self.assertEqual(self.versions("page")[below - 1], "DESTROYED")
        self.chapter.stop()
        self.chapter.serve()
        self.admin.find("--where", "region=North")

    def test_6_what_may_not_go(self):
        for kind, below, said in (
                ("state", "1", "access rows"), ("ca", "1", "certificates"),
                ("wrap", "99", "ACTIVE"), ("index", "1", "no version below")):
            error = check_refusal(self, 2, self.admin.run, "keys", "trim", kind,
                                  "--below", below, "--yes")
            self.assertIn(said, error["message"])

    def test_7_a_key_that_was_lost_or_exchanged_signs_nothing(self):
        below = self.retire()
        key = self.second.profile / "approval.key"
        kept = key.read_bytes()
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        act = self.propose("wrap", below)
        key.unlink()
        error = check_refusal(self, 5, self.second.run, "approval", "approve",
                              act, "--yes")
        self.assertEqual(error["reason"], "BAD_APPROVAL")
        key.write_bytes(kept)
        self.second.ask("approval", "approve", act, "--yes")


class OneAdminTest(ApprovalsCase):
    def test_1_the_only_admin_waits(self):
        act = self.propose("wrap", self.retire())
        again = self.admin.run("--json", "approval", "approve", act,
                               "--yes").expect(12)
        self.assertIsNotNone(again.json["alone_from"])
        said = self.admin.run("keys", "status").expect(0)
        self.assertIn(b"may be done from", said.err)
        # Who came meanwhile must approve.
        second = self.chapter.enrol("Bea Admin", "admin")
        self.assertEqual(second.ask("approval", "approve", act,
                                    "--yes")["state"], "done")


class NoPlaceTest(unittest.TestCase):
    def test_1_no_place_for_a_new_root_key_no_trimming(self):
        with Chapter() as chapter:
            chapter.init("--passphrase-file", self.passphrase(chapter))
            chapter.serve("--passphrase-file", self.passphrase(chapter))
            admin = chapter.join("Ada Admin", chapter.folder / "admin.invite")
            admin.ask("keys", "rotate", "wrap", "--wait")
            error = check_refusal(self, 7, admin.run, "keys", "trim", "wrap",
                                  "--below", "2", "--yes")
            self.assertEqual(error["reason"], "NO_ROOT_KEY_FILE")

    @staticmethod
    def passphrase(chapter):
        path = chapter.folder / "passphrase"
        path.write_text("quern-follow-abatis-71\n")
        path.chmod(0o600)
        return path


if __name__ == "__main__":
    unittest.main()
