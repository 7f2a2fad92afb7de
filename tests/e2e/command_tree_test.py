"""The command tree as the outside sees it: bash completes all of it, every
command refuses an unknown option in the same form, and the manual has it."""

import os
import pathlib
import pty
import subprocess
import tempfile
import unittest

from chapter import PATIENCE, SODALITY, Result
from refusal import check_refusal

MANUAL = pathlib.Path(__file__).resolve().parents[2] / "docs/man/sodality.1"
DRIVE = """
source <("$1" completion bash) || exit 1
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_sodality
printf '%s\\n' "${COMPREPLY[@]}"
"""


# `sodality` says what it was given; the prompt, that the line is done.
TYPE = """
source <("$SODALITY" completion bash)
sodality() { printf '<%s>' "$@"; }
PS1='ready> '
"""


def typed(folder, keys):
    """What an interactive bash in `folder` prints when `keys` are pressed."""
    (folder / "rc").write_text(TYPE)
    try:
        parent, child = pty.openpty()
    except OSError as error:  # As in a bare root without /dev/pts.
        raise unittest.SkipTest("no pseudo-terminal here") from error
    with subprocess.Popen(
            ["bash", "--noprofile", "--rcfile", folder / "rc", "-i"],
            stdin=child, stdout=child, stderr=child, cwd=folder,
            start_new_session=True,
            env={**os.environ, "SODALITY": SODALITY, "TERM": "dumb"}) as bash:
        os.close(child)
        os.write(parent, keys.encode() + b"\nexit\n")
        said = b""
        try:
            while piece := os.read(parent, 4096):
                said += piece
        except OSError:  # The other end has closed.
            pass
        os.close(parent)
        bash.wait(PATIENCE)
    return said.decode()


def run(*words):
    with tempfile.TemporaryDirectory() as home:
        return Result(subprocess.run(
            [SODALITY, "--profile", home + "/none", "--no-input", *words],
            capture_output=True, timeout=PATIENCE, check=False))


def completed(*words):
    """What bash offers after `sodality WORD...`; the last is a beginning."""
    done = subprocess.run(
        ["bash", "--norc", "-c", DRIVE, "drive", SODALITY, "sodality", *words],
        capture_output=True, timeout=PATIENCE, check=True, text=True)
    assert not done.stderr, done.stderr
    return done.stdout.split()


def commands(path=()):
    """All paths of the tree, found by completing."""
    yield path
    for word in completed(*path, ""):
        if not word.startswith("-"):
            yield from commands((*path, word))


class CommandTreeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.paths = list(commands())

    def test_bash_completes_beginnings(self):
        self.assertEqual(completed("gr"), ["grant"])
        self.assertEqual(completed("grant", "a"), ["add"])
        self.assertEqual(completed("grant", "add", "--pur"), ["--purpose"])
        self.assertEqual(completed("--json", "grant", "rev"), ["revoke"])
        self.assertEqual(completed("fnid"), [])

    def test_bash_is_left_to_complete_files(self):
        for option in ("--map", "--out", "--profile", "--passphrase-file"):
            self.assertEqual(completed("roster", "push", option, "/"), [])

    def test_bash_quotes_the_name_of_a_file(self):
        for words in ("roster push x --map ", "roster push "):
            with self.subTest(words=words), \
                    tempfile.TemporaryDirectory() as home:
                folder = pathlib.Path(home)
                (folder / "ro$(touch made).csv").touch()
                said = typed(folder, f"sodality {words}ro\t")
                self.assertIn("<ro$(touch made).csv>", said)
                self.assertFalse((folder / "made").exists())

    def test_every_command_refuses_an_unknown_option(self):
        self.assertGreater(len(self.paths), 25)
        for path in self.paths[1:]:
            with self.subTest(path=path):
                error = check_refusal(self, 2, run, *path, "--no-such-option")
                self.assertTrue(error["hint"])

    def test_the_manual_has_every_command_and_option(self):
        manual = MANUAL.read_text().replace("\\-", "-")
        for path in self.paths[1:]:
            words = completed(*path, "")
            leaf = all(word.startswith("-") for word in words)
            if leaf:
                self.assertIn(".SS sodality " + " ".join(path) + "\n", manual)
            for word in words:
                if word.startswith("--") and word != "--help":
                    self.assertIn(".B " + word, manual)


if __name__ == "__main__":
    unittest.main()
