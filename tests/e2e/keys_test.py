"""A new wrap key while the directory is in use: all records come under it, and
nobody who looks or edits notices."""

import unittest

from refusal import check_refusal
from rotation import MEMBERS, RotationCase


class KeysTest(RotationCase):
    def test_1_a_rotation_while_the_directory_is_used(self):
        versions, running = self.versions()
        self.assertEqual(versions, {1: ("ACTIVE", self.members())})
        self.assertGreaterEqual(self.members(), MEMBERS - 20)
        self.assertIsNone(running)
        self.rotate(2)

    def test_2_everything_is_there_after_a_restart(self):
        self.kept_over_a_restart()

    def test_3_the_ledger_says_who_rotated_which_key(self):
        self.check_acts("wrap-2", "ROTATE_KEY",
                        {"ACTIVATE_KEY", "REWRAP_RECORDS", "FINISH_ROTATION"})

    def test_4_a_kill_in_the_middle_is_made_good(self):
        self.killed_in_the_middle(3)
        self.restart()
        self.rotate(4)

    def test_5_only_admins(self):
        for words in (("status",), ("rotate", "wrap"), ("rotate", "index"),
                      ("rotate", "page"), ("reencrypt",)):
            error = check_refusal(self, 5, self.cora.run, "keys", *words)
            self.assertEqual(error["reason"], "ROLE_NOT_ALLOWED")

    def test_6_other_kinds_are_misuse(self):
        said = {"ledger-sign": "it is rotated with the ledger key",
                "state": "the state key cannot be rotated yet",
                "ca": "the ca key cannot be rotated yet",
                "no": "there is no key of kind no"}
        for kind, message in said.items():
            error = check_refusal(self, 2, self.admin.run, "keys", "rotate",
                                  kind)
            self.assertEqual(error["message"], message)
            self.assertIn("wrap, index, page, ledger, root", error["hint"])

    def test_7_people_see_what_scripts_see(self):
        table = self.admin.run("keys", "status").expect(0).out.decode()
        [row] = [line.split() for line in table.splitlines()
                 if line.startswith("wrap ") and " ACTIVE " in line]
        self.assertEqual(row[-1], str(self.members()))


if __name__ == "__main__":
    unittest.main()
