"""A full disk: what does not fit is refused and nobody is told that it was
stored, look-ups go on as long as the ledger has room, and with room again so
does everything else.

The disk is a small file system in memory, mounted in a name space of the test's
own; where the kernel allows no such thing the test is skipped.
"""

import errno
import os
import subprocess
import sys
import unittest

from chapter import Chapter, sample_roster

SKIPPED = 77  # As tests/e2e/CMakeLists.txt has it.
DISK = "64m"
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


def mounts_are_ours():
    """Whether this process may mount; else it becomes one that may."""
    if os.environ.get("SODALITY_OWN_MOUNTS") == "yes":
        return True
    mount = ["mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    try:
        tried = subprocess.run([*UNSHARE, *mount], capture_output=True,
                               check=False)
    except FileNotFoundError:
        return False
    if tried.returncode != 0:
        return False
    os.environ["SODALITY_OWN_MOUNTS"] = "yes"
    os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, "-B", *sys.argv])
    return False


def fill(path):
    """Writes zeros until not one more fits."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


class FullDiskTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        chapter = cls.chapter = cls.enterClassContext(Chapter())
        cls.disk = chapter.folder / "disk"
        cls.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs",
                        cls.disk], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", cls.disk], check=True)
        cls.addClassCleanup(lambda: chapter.stop())
        chapter.data = cls.disk / "data"
        chapter.start()

    def members(self):
        return self.chapter.admin.ask("status")["server"]["members"]

    def refuse(self, *words):
        result = self.chapter.admin.run("--json", *words)
        self.assertEqual(result.out, b"", str(result))
        self.assertEqual(result.error["reason"], "DISK_FULL", str(result))
        self.assertIn("disk is full", result.error["message"])
        self.assertEqual(result.code, result.error["exit"])
        self.assertNotIn(result.code, (0, 9))

    def test_refuses_while_full_and_goes_on_with_room(self):
        admin = self.chapter.admin
        first = sample_roster(self.chapter.folder / "first.csv", 300, 1)
        many = sample_roster(self.chapter.folder / "many.csv", 6000, 2)
        admin.ask("roster", "push", str(first))
        filler = self.disk / "filler"
        fill(filler)

        self.refuse("roster", "push", str(many))
        stored = self.members()
        self.refuse("member", "add", "given_name=Nobody")
        self.assertEqual(self.members(), stored)
        self.assertTrue(admin.find("maria"))

        filler.unlink()
        again = admin.ask("roster", "push", str(many))
        self.assertEqual(again["added"] + again["changed"] +
                         again["unchanged"], 6000)
        admin.ask("member", "add", "given_name=Somebody")
        self.assertEqual(len(admin.find("somebody")), 1)
        admin.ask("ledger", "verify")

        # Nothing was left half done for the next start to find.
        self.assertEqual(self.chapter.stop(), 0)
        members = self.counted_after_restart()
        self.assertGreaterEqual(members, 6001)

    def counted_after_restart(self):
        self.chapter.serve()
        self.chapter.admin.ask("ledger", "verify")
        return self.members()


if __name__ == "__main__":
    if not mounts_are_ours():
        print("SKIPPED: no mounts of our own here", file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main()
