"""Every record is sealed anew, each under a fresh key, while the directory is in
use: nobody who looks or edits notices, and no old key opens what is stored."""

import unittest

from rotation import RotationCase


class ReencryptTest(RotationCase):
    work = "reencrypt"

    def words(self):
        return ("keys", "reencrypt")

    def record_keys(self):
        """Those of the first members, in a stopped server's data."""
        return {key for name, key in self.chapter.keys()
                if name.startswith("record")}

    def test_1_a_reencryption_while_the_directory_is_used(self):
        shown = self.cora.ask("show", self.one)["members"][0]["fields"]
        self.assertGreater(self.rotate(2), 1)
        after = self.cora.ask("show", self.one)["members"][0]["fields"]
        self.assertEqual(after | {"pronouns": ""}, shown | {"pronouns": ""})

    def test_2_everything_is_there_after_a_restart(self):
        self.kept_over_a_restart()

    def test_3_the_ledger_says_who_did_what(self):
        self.check_acts("wrap-2", "REENCRYPT_RECORDS",
                        {"ACTIVATE_KEY", "RESEAL_RECORDS", "FINISH_ROTATION"})

    def test_4_a_kill_in_the_middle_is_made_good(self):
        self.killed_in_the_middle(3)
        self.restart()

    def test_5_one_at_a_time(self):
        self.check_others_are_refused(4)

    def test_6_no_record_key_stays(self):
        self.chapter.stop()
        before = self.record_keys()
        self.assertGreaterEqual(len(before), 1000)
        self.chapter.serve()
        self.rotate(7)
        self.chapter.stop()
        self.assertEqual(before & self.record_keys(), set())
        self.chapter.serve()


if __name__ == "__main__":
    unittest.main()
