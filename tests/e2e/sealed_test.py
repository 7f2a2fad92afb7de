"""Root keys, sealed servers, and folders that are somebody else's."""

import hashlib
import unittest

import wire
from chapter import Chapter
from refusal import check_refusal


def state_of(folder):
    """Name, mode, time of the last change and content of all below it."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        facts = path.lstat()
        found[str(path)] = (facts.st_mode, facts.st_mtime_ns,
                            hashlib.sha256(path.read_bytes()).hexdigest()
                            if path.is_file() else "")
    return found


class SealedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = cls.enterClassContext(Chapter()).start()
        cls.data = ("--data", cls.chapter.data)
        cls.key = ("--root-key", cls.chapter.root_key)
        cls.wrong = ("--root-key", cls.another_key())

    @classmethod
    def another_key(cls):
        with Chapter() as other:
            other.init()
            path = cls.chapter.folder / "wrong.key"
            path.write_bytes(other.root_key.read_bytes())
            return path

    def setUp(self):
        """Each test begins with a server that serves."""
        if self.chapter.server is None:
            self.chapter.serve()
        self.chapter.daemon("unseal", *self.data, *self.key).expect(0)

    def refuse(self, code, *words):
        return check_refusal(self, code, self.chapter.daemon, *words)

    def is_serving(self):
        return wire.is_serving(self.chapter.address, self.chapter.admin.profile)

    def test_sealed_server_answers_health_and_nothing_else(self):
        admin = self.chapter.admin
        process = self.chapter.server.pid
        self.assertTrue(self.is_serving())
        self.chapter.daemon("seal", *self.data).expect(0)
        self.assertEqual(self.chapter.server.poll(), None)
        self.chapter.await_listening()
        self.assertFalse(self.is_serving())
        self.assertIn('"event":"sealed","unseal":"sodalityd unseal --data ',
                      self.chapter.log_text())
        error = check_refusal(self, 10, admin.run, "status")
        self.assertEqual(error["reason"], "SEALED")
        self.assertIn("unseal", error["hint"])
        for words in (("find", "maria"), ("ledger", "verify")):
            check_refusal(self, 10, admin.run, *words)
        self.refuse(10, "unseal", *self.data, *self.wrong)
        self.assertFalse(self.is_serving())
        self.chapter.daemon("unseal", *self.data, *self.key).expect(0)
        self.assertTrue(self.is_serving())
        self.assertEqual(self.chapter.server.pid, process)
        actions = [entry["action"] for entry in
                   admin.ask("ledger", "--limit", "3")["entries"]]
        self.assertEqual(actions[:2], ["UNSEAL", "SEAL"])

    def test_server_without_a_key_starts_sealed(self):
        self.chapter.stop()
        self.chapter.serve_sealed()
        self.assertFalse(self.is_serving())
        self.chapter.daemon("unseal", *self.data, *self.key).expect(0)
        self.assertTrue(self.is_serving())

    def test_wrong_root_key(self):
        self.chapter.stop()
        self.refuse(10, "serve", *self.data, *self.wrong)
        self.refuse(10, "doctor", *self.data, *self.wrong)
        broken = self.chapter.folder / "broken.key"
        broken.write_text("sodality-root-1-0123", encoding="utf-8")
        self.refuse(2, "serve", *self.data, "--root-key", broken)
        self.refuse(2, "serve", *self.data, "--root-key", broken.parent / "no")

    def test_second_server_on_the_folder(self):
        self.refuse(7, "serve", *self.data, *self.key, "--listen",
                    "127.0.0.1:0")
        self.refuse(7, "doctor", *self.data, *self.key)
        self.chapter.admin.ask("status")

    def test_doctor_changes_nothing(self):
        """Neither on a folder that nobody served nor on one that was served."""
        with Chapter() as fresh:
            fresh.init()
            for chapter in (fresh, self.chapter):
                if chapter.server:
                    chapter.stop()
                before = state_of(chapter.data)
                chapter.daemon("doctor", "--data", chapter.data, "--root-key",
                               chapter.root_key).expect(0)
                self.assertEqual(state_of(chapter.data), before)

    def test_folder_that_holds_something_already(self):
        words = ("--chapter", "Another", "--listen", "127.0.0.1:0", "--admin",
                 "Ada", "--invite-out", self.chapter.folder / "x.invite")
        self.refuse(7, "init", *self.data, *words, "--root-key",
                    self.chapter.folder / "x.key")
        self.assertFalse((self.chapter.folder / "x.invite").exists())
        self.assertFalse((self.chapter.folder / "x.key").exists())

    def test_no_folder_and_no_server(self):
        nowhere = ("--data", self.chapter.folder / "nowhere")
        for command in ("serve", "doctor", "unseal", "seal"):
            self.refuse(6, command, *nowhere)
        self.chapter.stop()
        self.refuse(8, "unseal", *self.data, *self.key)
        self.refuse(8, "seal", *self.data)
        error = check_refusal(self, 8, self.chapter.admin.run, "status")
        self.assertIn(self.chapter.address, error["message"])

    def test_doctor_is_content(self):
        self.chapter.stop()
        report = self.chapter.daemon("doctor", *self.data, *self.key, "--json")
        report.expect(0)
        self.assertEqual(set(report.json), {"findings", "more"})

    def test_misuse_of_the_command_line(self):
        for words in ((), ("serv",), ("serve",), ("init", *self.data),
                      ("serve", *self.data, "--sealed", "--no-such-option")):
            self.refuse(2, *words)


if __name__ == "__main__":
    unittest.main()
