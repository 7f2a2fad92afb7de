"""What others on the machine and on the network get to see of the process."""

import contextlib
import os
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import unittest

import wire
from chapter import (SODALITY, SODALITYD, WIPING_HEAP, Chapter,
                     sample_roster)
from watch import Watch

NOBODY = 65534
PASSPHRASE = "quern-follow-abatis-71"


class ProcessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = cls.enterClassContext(Chapter()).start()
        cls.proc = pathlib.Path(f"/proc/{cls.chapter.server.pid}")

    def read_proc(self, name):
        try:
            return (self.proc / name).read_bytes()
        except PermissionError:
            self.skipTest(f"{name} is not for us, as it should be")

    def libraries(self, program, **more):
        return subprocess.run(
            ["ldd", program], capture_output=True, text=True, check=True,
            env=os.environ | more).stdout

    def test_no_second_sqlite_is_linked(self):
        for program in (SODALITYD, SODALITY):
            self.assertIn("libsodium", self.libraries(program))
            self.assertNotIn("libsqlite3", self.libraries(program))
        self.assertIn("libsqlcipher", self.libraries(SODALITYD))
        # ldd would show one: here it stands in for what the loader brings.
        with tempfile.TemporaryDirectory() as folder:
            second = os.path.join(folder, "libsqlite3.so.0")
            [cipher] = [line.split()[2] for line in
                        self.libraries(SODALITYD).splitlines()
                        if "libsqlcipher" in line]
            shutil.copy(cipher, second)
            self.assertIn("libsqlite3", self.libraries(
                SODALITYD, LD_PRELOAD=second))

    @unittest.skipUnless(WIPING_HEAP, "a sanitizer has a heap of its own")
    def test_both_programs_bring_the_heap_that_forgets(self):
        for program in (SODALITYD, SODALITY):
            symbols = subprocess.run(
                ["nm", "-D", "--defined-only", program], capture_output=True,
                text=True, check=True).stdout.split()
            self.assertLessEqual({"free", "realloc"}, set(symbols), program)

    def test_no_core_file_is_written(self):
        limits = self.read_proc("limits").decode().splitlines()
        [core] = [line for line in limits if line.startswith("Max core file")]
        self.assertEqual(core.split()[4:6], ["0", "0"])

    def test_threads_do_not_interrupt_each_other(self):
        policies = []
        for thread in (self.proc / "task").iterdir():
            with contextlib.suppress(ProcessLookupError):  # It has ended.
                policies.append(os.sched_getscheduler(int(thread.name)))
        self.assertGreater(len(policies), 3)
        self.assertEqual(set(policies), {os.SCHED_BATCH})

    def test_secrets_are_not_in_arguments_or_environment(self):
        key = self.chapter.root_key.read_bytes().split(b"-")[3]
        seen = self.read_proc("cmdline") + self.read_proc("environ")
        self.assertIn(b"--root-key", seen)
        self.assertIn(b"TMPDIR", seen)
        self.assertGreater(len(key), 30)
        self.assertNotIn(key, seen)

    def test_data_and_keys_are_for_their_owner_alone(self):
        for top in (self.chapter.data, self.chapter.admin.profile):
            for parent, folders, files in os.walk(top):
                for name in [".", *folders, *files]:
                    path = os.path.join(parent, name)
                    self.assertEqual(os.stat(path).st_mode & 0o077, 0, path)
        self.assertEqual(self.chapter.root_key.stat().st_mode & 0o077, 0)

    def test_no_temporary_file_is_made(self):
        """Not even by the sorts of pushes and of searches for everybody."""
        roster = sample_roster(self.chapter.folder / "roster.csv", 3000)
        with Watch(self.chapter.tmp) as tmp, Watch(self.chapter.data) as data:
            (self.chapter.tmp / "control").touch()
            self.chapter.admin.ask("roster", "push", str(roster))
            found = self.chapter.admin.find("--region", "East Bay")
            self.assertGreater(len(found), 300)
            self.assertEqual(tmp.made(), {"control"})
            self.assertEqual(data.made(), set())

    def test_only_tls_1_3_is_spoken(self):
        address, profile = self.chapter.address, self.chapter.admin.profile
        self.assertTrue(wire.is_serving(address, profile))
        old = wire.context(profile)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            wire.connect(address, old)
        new = wire.context(profile)
        with wire.connect(address, new) as stream:
            self.assertEqual(stream.version(), "TLSv1.3")

    def test_nobody_is_heard_without_a_certificate(self):
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            with wire.connect(self.chapter.address, wire.context()) as stream:
                stream.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                # Not even the server's settings come back.
                if not stream.recv(1):
                    raise ConnectionError("hung up")

    def test_signal_ends_it_cleanly(self):
        with Chapter() as chapter:
            chapter.init()
            chapter.serve()
            self.assertEqual(chapter.stop(), 0)

    def test_passphrase_is_taken_from_a_file_and_shown_nowhere(self):
        with Chapter() as chapter:
            words = chapter.folder / "passphrase"
            words.write_text(PASSPHRASE + "\n", encoding="utf-8")
            words.chmod(0o600)
            chapter.init("--passphrase-file", words)
            chapter.serve("--passphrase-file", words)
            proc = pathlib.Path(f"/proc/{chapter.server.pid}")
            for name in ("cmdline", "environ"):
                try:
                    seen = (proc / name).read_bytes()
                except PermissionError:
                    continue
                self.assertNotIn(PASSPHRASE.encode(), seen)
            self.assertNotIn(PASSPHRASE, chapter.log_text())
            words.write_text("another one\n", encoding="utf-8")
            chapter.stop()
            chapter.daemon("serve", "--data", chapter.data, "--passphrase-file",
                           words).expect(10)


@unittest.skipUnless(os.geteuid() == 0, "needs root to start it as nobody")
class UnprivilegedProcessTest(unittest.TestCase):
    def make(self, chapter):
        """A chapter of nobody's; the program, where nobody may run it."""
        chapter.init()
        for parent, folders, files in os.walk(chapter.folder):
            for name in [".", *folders, *files]:
                os.chown(os.path.join(parent, name), NOBODY, NOBODY)
        program = chapter.folder / "sodalityd"
        shutil.copy(SODALITYD, program)
        program.chmod(0o755)
        return program

    @unittest.skipUnless(WIPING_HEAP, "a sanitizer's mlock does nothing")
    def test_memory_that_cannot_be_locked_is_reported(self):
        for limit, reported in (("0", True), ("8388608", False)):
            with self.subTest(limit=limit), Chapter() as chapter:
                program = self.make(chapter)
                chapter.serve(user=NOBODY, program=program, prefix=(
                    "prlimit", f"--memlock={limit}:{limit}"))
                self.assertEqual(
                    f'"few-locked-pages","bytes":{limit}' in chapter.log_text(),
                    reported)
                self.assertEqual(chapter.stop(), 0)

    def test_process_is_not_dumpable(self):
        """Then its files in /proc belong to root, whoever it runs as."""
        with Chapter() as chapter:
            program = self.make(chapter)
            chapter.serve(user=NOBODY, program=program)
            proc = pathlib.Path(f"/proc/{chapter.server.pid}")
            uids = [line.split()[1:] for line in
                    (proc / "status").read_text().splitlines()
                    if line.startswith("Uid:")]
            self.assertEqual(uids, [[str(NOBODY)] * 4])
            self.assertEqual((proc / "environ").stat().st_uid, 0)
            self.assertEqual(chapter.stop(), 0)


if __name__ == "__main__":
    unittest.main()
