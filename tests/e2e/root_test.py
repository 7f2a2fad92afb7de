"""A new root key while the directory is in use: it takes the old one's place,
and the old one opens nothing that is written from then on."""

import concurrent.futures
import pathlib
import shutil
import time
import unittest

from chapter import Chapter, sample_roster
from refusal import check_refusal

PASSPHRASE = "quern-follow-abatis-71"
WRONG = "the root key does not open this keyring"
# Of the renames of a rotation: the new key beside the old, the keyring for
# both, the new key over the old. (The last is not told from the second.)
RENAMED = ("root.key.new.new", "data/keyring.new", "root.key")


def begun(finished=False):
    return {"kind": "root", "work": "rekey-root", "from": 0, "to": 0,
            "finished": finished}


class RootCase(unittest.TestCase):
    """`custody` is how the server is started."""

    @classmethod
    def found(cls, *custody):
        cls.chapter = chapter = cls.enterClassContext(Chapter())
        cls.custody = custody
        chapter.init(*custody)

    @classmethod
    def settle(cls):
        """Somebody to look for, and who looks."""
        chapter = cls.chapter
        cls.admin = chapter.join("Ada Admin", chapter.folder / "admin.invite")
        roster = sample_roster(chapter.folder / "roster.csv", 300)
        cls.admin.ask("roster", "push", str(roster))
        cls.cora = chapter.enrol("Cora Coordinator")
        chapter.grant(cls.cora)
        cls.one = min(cls.admin.find("--where", "region=North"))

    def use(self, count):
        """A look-up and an edit, as good as ever."""
        self.assertIn(self.one, self.cora.find("--where", "region=North"))
        self.admin.ask("member", "edit", self.one, f"pronouns=they/{count}")

    def finished(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.admin.ask("keys", "status")["rotation"] is None:
                return
        self.fail("the rotation does not end")

    def acts(self, count):
        """The last acts on the root key, oldest first."""
        entries = [entry for entry in self.admin.ask(
            "ledger", "--limit", "100000")["entries"]
                   if entry["subject"] == "root"]
        entries.sort(key=lambda entry: entry["number"])
        return [(entry["action"], entry["actor"]["name"])
                for entry in entries[-count:]]

    def doctor(self, root_key, code=0):
        return self.chapter.daemon(
            "--json", "doctor", "--data", self.chapter.data, "--root-key",
            root_key).expect(code)

    def check_refused(self, root_key):
        """With the server stopped: neither serve nor doctor takes the key."""
        error = check_refusal(self, 10, self.chapter.daemon, "serve", "--data",
                              self.chapter.data, "--root-key", root_key)
        self.assertEqual(error["message"], WRONG)
        self.assertIn(WRONG, str(self.doctor(root_key, code=1)))

    def kept(self, name):
        """A copy of the root key's file as it is now."""
        copy = self.chapter.folder / name
        shutil.copy(self.chapter.root_key, copy)
        return copy


class RootTest(RootCase):
    @classmethod
    def setUpClass(cls):
        cls.found()
        cls.chapter.serve()
        cls.settle()

    def files(self):
        return sorted(path.name for path in
                      self.chapter.folder.glob("root.key*"))

    def test_1_the_old_key_opens_nothing_any_more(self):
        old = self.kept("old.key")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            rotation = pool.submit(self.admin.ask, "keys", "rotate", "root",
                                   "--wait")
            count = 0
            while count == 0 or not rotation.done():
                count += 1
                self.use(count)
        self.assertEqual(rotation.result(), begun(finished=True))
        self.assertIsNone(self.admin.ask("keys", "status")["rotation"])
        self.assertNotEqual(old.read_bytes(),
                            self.chapter.root_key.read_bytes())
        self.assertEqual(self.chapter.root_key.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.files(), ["root.key"])
        self.assertEqual(self.acts(9), [("ROTATE_KEY", "Ada Admin"),
                                        ("ACTIVATE_KEY", ""),
                                        ("FINISH_ROTATION", "")])
        self.assertEqual(self.chapter.stop(), 0)
        self.check_refused(old)
        self.doctor(self.chapter.root_key)
        self.chapter.serve()
        self.use(count)
        self.admin.ask("ledger", "verify")

    def test_2_it_is_said_in_words(self):
        said = self.admin.run("keys", "rotate", "root", "--wait").expect(0)
        self.assertEqual(said.out, b"the keyring opens with its new root key\n")
        self.assertIn(b"rotate root", self.admin.run(
            "keys", "rotate", "--help").expect(0).out)

    def test_3_kills_at_any_moment_are_made_good(self):
        for milliseconds in (0, 4, 8, 16):
            old = self.kept("before.key")
            self.assertEqual(self.admin.ask("keys", "rotate", "root"), begun())
            time.sleep(milliseconds / 1000)
            self.chapter.kill()
            self.doctor(self.chapter.root_key)
            self.chapter.serve()
            self.use(milliseconds)
            self.finished()
            self.assertEqual(self.files(), ["root.key"])
            self.chapter.stop()
            self.check_refused(old)
            self.chapter.serve()

    def kill_at(self, renamed):
        """kill -9 at the rename from or to that path: strace does it."""
        if shutil.which("strace") is None:
            self.skipTest("there is no strace")
        self.chapter.stop()
        calls = "rename,renameat,renameat2"
        self.chapter.serve(prefix=(
            "strace", "-f", "-qq", "-o", self.chapter.folder / "calls",
            "-P", self.chapter.folder / renamed, "-e", f"trace={calls}", "-e",
            f"inject={calls}:signal=KILL:when=1"))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.admin.run, "--json", "keys", "rotate",
                                "root", "--wait")
            self.chapter.await_end()
            yield
            self.chapter.serve()
            yield asked.result()

    def test_4_killed_before_each_rename(self):
        for count, renamed in enumerate(RENAMED):
            old = self.kept("before.key")
            steps = self.kill_at(renamed)
            next(steps)
            note = self.doctor(self.chapter.root_key).out.decode()
            self.assertIn("a rotation to a new root key has not ended", note)
            next(steps)
            self.finished()
            self.use(count)
            self.assertEqual(self.files(), ["root.key"])
            self.chapter.stop()
            self.check_refused(old)
            self.chapter.serve()

    def test_5_a_lost_new_key_is_given_up(self):
        steps = self.kill_at(RENAMED[-1])
        next(steps)
        old = self.chapter.root_key.read_bytes()
        (self.chapter.folder / "root.key.new").unlink()
        asked = next(steps)
        self.finished()
        # Whoever waited was told, or that it goes on.
        self.assertNotEqual(asked.code, 0, str(asked))
        self.assertIn(asked.error.get("reason"),
                      ("ROTATION_GIVEN_UP", "UNREACHABLE", "NO_ANSWER"))
        self.assertEqual(self.chapter.root_key.read_bytes(), old)
        self.assertEqual(self.acts(4), [("ROTATE_KEY", "Ada Admin"),
                                        ("ACTIVATE_KEY", ""),
                                        ("ABANDON_ROTATION", ""),
                                        ("FINISH_ROTATION", "")])
        self.use(5)
        self.chapter.stop()
        self.doctor(self.chapter.root_key)
        self.chapter.serve()
        self.assertEqual(self.admin.ask("keys", "rotate", "root", "--wait"),
                         begun(finished=True))

    def test_6_what_is_left_is_named(self):
        left = self.chapter.folder / "root.key.new"
        left.write_text("left")
        left.chmod(0o600)
        self.chapter.stop()
        self.assertIn("is left of a rotation", self.doctor(
            self.chapter.root_key).out.decode())
        left.unlink()
        self.chapter.serve()


class NewRootKeyTest(RootCase):
    """Of a passphrase: the new key goes into a file of its own."""

    @classmethod
    def setUpClass(cls):
        with Chapter() as probe:
            words = pathlib.Path(probe.folder).with_suffix(".words")
        words.write_text(PASSPHRASE + "\n", encoding="utf-8")
        words.chmod(0o600)
        cls.addClassCleanup(words.unlink)
        cls.found("--passphrase-file", words)
        cls.chapter.serve(*cls.custody)
        cls.settle()
        cls.next = cls.chapter.folder / "next.key"

    def test_1_without_a_place_it_is_refused(self):
        error = check_refusal(self, 7, self.admin.run, "keys", "rotate", "root")
        self.assertEqual(error["reason"], "NO_ROOT_KEY_FILE")
        self.assertIn("serve --new-root-key FILE", error["hint"])
        self.assertIsNone(self.admin.ask("keys", "status")["rotation"])

    def test_2_nobodys_file_is_written_over(self):
        self.next.write_text("of somebody else")
        self.chapter.stop()
        self.chapter.serve(*self.custody, "--new-root-key", self.next)
        error = check_refusal(self, 7, self.admin.run, "keys", "rotate", "root")
        self.assertEqual(error["reason"], "NO_ROOT_KEY_FILE")
        self.assertEqual(self.next.read_text(), "of somebody else")
        self.next.unlink()

    def test_3_the_new_key_goes_into_its_file(self):
        self.assertEqual(self.admin.ask("keys", "rotate", "root", "--wait"),
                         begun(finished=True))
        self.assertEqual(self.next.stat().st_mode & 0o777, 0o600)
        self.use(3)
        # The same command line finds it.
        self.chapter.kill()
        self.chapter.serve(*self.custody, "--new-root-key", self.next)
        self.assertIn("new-root-key-taken", self.chapter.log_text())
        self.use(4)
        # The passphrase does nothing any more, and the file is the root key.
        self.chapter.stop()
        error = check_refusal(self, 10, self.chapter.daemon, "serve", "--data",
                              self.chapter.data, *self.custody)
        self.assertIn("not kept by a passphrase", error["message"])
        self.doctor(self.next)
        self.chapter.serve("--root-key", self.next)
        self.use(5)
        self.assertEqual(self.admin.ask("keys", "rotate", "root", "--wait"),
                         begun(finished=True))

    def test_4_a_sealed_server_knows_its_place(self):
        self.chapter.daemon("seal", "--data", self.chapter.data).expect(0)
        self.chapter.await_listening()
        self.chapter.daemon("unseal", "--data", self.chapter.data,
                            "--root-key", self.next).expect(0)
        self.assertEqual(self.admin.ask("keys", "rotate", "root", "--wait"),
                         begun(finished=True))


if __name__ == "__main__":
    unittest.main()
