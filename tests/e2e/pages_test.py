"""A new page key while the directory is in use: the database's file is copied,
and the copy takes its place."""

import unittest

from rotation import RotationCase


class PagesTest(RotationCase):
    kind = "page"
    work = "rekey-pages"

    def check_all_at(self, versions, to):
        """One file, of the active version; the others only open backups."""
        self.assertEqual(versions[to], ("ACTIVE", None))
        for version in range(1, to):
            self.assertEqual(versions[version], ("RETIRED", None))
        self.assertEqual(self.files(), [f"members.{to}.db"])

    def files(self):
        return sorted(path.name for path in self.chapter.data.glob("members*")
                      if path.name.endswith(".db"))

    def salt(self, to):
        """The first bytes of the file, which are of its key."""
        with open(self.chapter.data / f"members.{to}.db", "rb") as file:
            return file.read(16)

    def test_0_the_first_file_has_no_number(self):
        self.assertEqual(self.files(), ["members.db"])

    def test_1_a_rotation_while_the_directory_is_used(self):
        with open(self.chapter.data / "members.db", "rb") as file:
            before = file.read(16)
        self.assertGreater(self.rotate(2), 0)
        self.assertNotEqual(self.salt(2), before)

    def test_2_everything_is_there_after_a_restart(self):
        self.kept_over_a_restart()

    def test_3_the_ledger_says_who_did_what(self):
        self.check_acts("page-2", "ROTATE_KEY",
                        {"PREPARE_KEY", "ACTIVATE_KEY", "FINISH_ROTATION"})

    def test_4_kills_at_any_moment_are_made_good(self):
        to, in_the_midst = 3, 0
        for milliseconds in (0, 40, 80, 120, 160, 240, 320):
            in_the_midst += self.killed_after(milliseconds, to)
            to += 1
        self.assertGreater(in_the_midst, 1)

    def test_5_one_at_a_time(self):
        [to, _] = max(self.versions()[0].items())
        self.check_others_are_refused(to + 1)

    def test_6_a_file_that_is_left_is_named(self):
        self.chapter.stop()
        self.assertEqual(len(self.files()), 1)
        other = self.chapter.data / "members.db"
        other.write_bytes(b"left")
        other.chmod(0o600)
        self.doctor("is not the store")
        other.unlink()
        self.chapter.serve()


if __name__ == "__main__":
    unittest.main()
