"""A chapter that an earlier program wrote opens whole: keyring, database,
ledger, certificates and settings (tests/compat)."""

import pathlib
import subprocess
import unittest

from chapter import Chapter

COMPAT = pathlib.Path(__file__).parent.parent / "compat"
WHOLE = ("keyring: opens", "store: opens", "store: every page is whole",
         "ledger and access: chain, numbers, digest and access rows hold",
         "members: every row is one of the digest", "members: 5")


class CompatTest(unittest.TestCase):
    def check(self, name):
        with Chapter() as chapter:
            subprocess.run(["tar", "-xpzf", COMPAT / name, "--no-same-owner"],
                           cwd=chapter.folder, check=True)
            values = (chapter.folder / "values").read_bytes().splitlines()
            self.assertIn(b"Brings coffee", values)
            doctor = chapter.daemon("doctor", "--data", chapter.data,
                                    "--root-key", chapter.root_key)
            # Its certificates end one day; that is no question of format.
            for line in WHOLE:
                self.assertIn(f"ok    {line}\n", doctor.out.decode())
            self.assertCountEqual(chapter.opened_copy().splitlines(),
                                  values)
            chapter.serve()
            self.assertEqual(chapter.stop(), 0)
            self.assertCountEqual(chapter.opened_copy().splitlines(),
                                  values)

    def test_chapter_of_0_1(self):
        self.check("chapter_v1.tar.gz")


if __name__ == "__main__":
    unittest.main()
