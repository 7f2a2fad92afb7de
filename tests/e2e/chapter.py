"""A throw-away chapter: its folders, its server, and the people in it.

The programs are found in $SODALITYD, $SODALITY, $SAMPLE_ROSTER, $OPEN_STORE and
$OPEN_KEYS (ctest sets them), else in build/bin.
"""

import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import tempfile
import time

_BIN = pathlib.Path(__file__).resolve().parents[2] / "build" / "bin"
SODALITYD = os.environ.get("SODALITYD", str(_BIN / "sodalityd"))
SODALITY = os.environ.get("SODALITY", str(_BIN / "sodality"))
OPEN_STORE = os.environ.get("OPEN_STORE", str(_BIN / "open_store"))
OPEN_KEYS = os.environ.get("OPEN_KEYS", str(_BIN / "open_keys"))
# A sanitizer's heap takes the place of ours.
WIPING_HEAP = os.environ.get("WIPING_HEAP", "1") == "1"
SAMPLE_ROSTER = os.environ.get("SAMPLE_ROSTER", str(_BIN / "sample_roster"))

PATIENCE = 120  # seconds for any one command, also under a sanitizer
NAMED_ADDRESS = "127.0.0.1:7843"  # in invites; tests join with --server


class Result:
    """How a command ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr
        self.args = done.args

    def __str__(self):
        words = " ".join(str(word)[:80] for word in self.args)
        said = _text(self.out) + _text(self.err)
        return f"{words}\n-> exit {self.code}\n{said}"

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        """The error object of --json: the last line of standard error."""
        return json.loads(self.err.decode().splitlines()[-1])["error"]

    def expect(self, code):
        if self.code != code:
            raise AssertionError(f"expected exit {code}: {self}")
        return self


def _text(output):
    return output.decode(errors="replace")[-2000:]


def sample_roster(path, members=300, seed=1):
    """Writes a roster of invented people to `path` and returns it."""
    with open(path, "wb") as file:
        subprocess.run([SAMPLE_ROSTER, str(members), str(seed)], stdout=file,
                       check=True, timeout=PATIENCE)
    return path


class Person:
    """Somebody with a profile folder of their own."""

    def __init__(self, chapter, name, profile):
        self.chapter = chapter
        self.name = name
        self.profile = profile

    def run(self, *words, stdin=None):
        """`sodality WORD...` as this person, for people."""
        command = [SODALITY, "--profile", str(self.profile), "--no-input",
                   *words]
        return Result(subprocess.run(
            command, capture_output=True, timeout=PATIENCE, input=stdin,
            env=self.chapter.environment, check=False))

    def ask(self, *words, code=0):
        """The same with --json: what it prints, or the error object."""
        result = self.run("--json", *words).expect(code)
        return result.json if code in (0, 9) else result.error

    def find(self, *words):
        """The ids of all members found."""
        found = self.ask("find", *words, "--limit", "10000")
        assert not found["more"], found
        return {member["id"] for member in found["members"]}

    def ledger_of(self, member):
        """All entries about a member, newest first."""
        return self.ask("ledger", "--member", member, "--limit",
                        "100000")["entries"]


class Chapter:
    """Everything below one temporary folder; a context manager.

    data, root_key, tmp (TMPDIR of all programs), log (the server's standard
    error) and profiles are in `folder`.
    """

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sodality-e2e."))
        self.data = self.folder / "data"
        self.root_key = self.folder / "root.key"
        self.log = self.folder / "server.log"
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        self.environment = _environment(self.tmp)
        self.address = ""
        self.ready = None  # what the server said once it listened
        self.server = None
        self.admin = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server:
            self.kill()
        shutil.rmtree(self.folder)

    def daemon(self, *words, stdin=None):
        """`sodalityd WORD...`, to its end."""
        return Result(subprocess.run(
            [SODALITYD, *map(str, words)], capture_output=True, check=False,
            timeout=PATIENCE, input=stdin,
            env=without_leak_check(self.environment)))

    def init(self, *custody):
        custody = custody or ("--root-key", self.root_key)
        self.daemon("init", "--data", self.data, "--chapter", "Test Chapter",
                    "--listen", NAMED_ADDRESS, "--admin", "Ada Admin",
                    "--invite-out", self.folder / "admin.invite",
                    *custody).expect(0)

    def serve(self, *custody, user=None, program=SODALITYD, prefix=()):
        """Starts the server; from the second time on at the same address."""
        custody = custody or ("--root-key", self.root_key)
        listen = self.address or "127.0.0.1:0"
        with open(self.log, "ab") as log:
            self.server = subprocess.Popen(
                [*prefix, program, "serve", "--data", str(self.data), "--listen",
                 listen, *map(str, custody)],
                stdout=subprocess.PIPE, stderr=log, cwd=self.tmp, user=user,
                group=user,
                extra_groups=[] if user else None,
                env=without_leak_check(self.environment))
        self.address = self.await_listening()

    def serve_sealed(self):
        self.serve("--sealed")

    def await_listening(self):
        """The address of the line that says the server is ready."""
        ready, _, _ = select.select([self.server.stdout], [], [], PATIENCE)
        line = self.server.stdout.readline() if ready else b""
        if not line:
            raise AssertionError(f"the server did not start: {self.log_text()}")
        self.ready = json.loads(line)
        return self.ready["listening"]

    def log_text(self):
        return self.log.read_text(errors="replace")[-2000:]

    def kill(self):
        """kill -9, and wait until it is gone."""
        self.server.send_signal(signal.SIGKILL)
        self._gone()

    def stop(self):
        """Asks the server to end; returns its exit code."""
        self.server.send_signal(signal.SIGTERM)
        return self._gone()

    def opened_copy(self, program=OPEN_STORE):
        """What a copy of the data folder holds, for who has the root key."""
        copy = self.folder / "copy"
        shutil.copytree(self.data, copy,
                        ignore=shutil.ignore_patterns("*.sock"))
        done = Result(subprocess.run(
            [program, str(copy), str(self.root_key)], capture_output=True,
            timeout=PATIENCE, check=False,
            env=without_leak_check(self.environment)))
        shutil.rmtree(copy)
        return done.expect(0).out

    def keys(self):
        """(name, bytes) of each key: the root's, the keyring's, the members'."""
        lines = self.opened_copy(OPEN_KEYS).decode().splitlines()
        return [(name, bytes.fromhex(digits))
                for name, digits in (line.split() for line in lines)]

    def _gone(self):
        code = self.server.wait(timeout=PATIENCE)
        self.server.stdout.close()
        self.server = None
        return code

    def start(self):
        """init, serve, and the first admin joined: what most tests need."""
        self.init()
        self.serve()
        self.admin = self.join("Ada Admin", self.folder / "admin.invite")
        return self

    def person(self, name):
        """Somebody who has not joined yet."""
        return Person(self, name, self.folder / ("profile " + name))

    def join(self, name, invite):
        person = self.person(name)
        person.ask("join", str(invite), "--server", self.address)
        return person

    def invite(self, name, role, *options):
        """The file of a new invite."""
        number = len(list(self.folder.glob("*.invite")))
        path = self.folder / f"{number}.invite"
        self.admin.ask("invite", name, "--role", role, "--out", str(path),
                       *options)
        return path

    def enrol(self, name, role="coordinator", *options):
        return self.join(name, self.invite(name, role, *options))

    def grant(self, to, *options, classes=("basic",), until="14d"):
        """A grant to a coordinator; returns its id."""
        return self.admin.ask(
            "grant", "add", "--to", to.name, "--role", "coordinator", "--class",
            *classes, "--purpose", "end-to-end test", "--until", until,
            *options)["id"]


def _environment(tmp):
    kept = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
            "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept
                   if name in os.environ}
    return {**environment, "HOME": str(tmp), "TMPDIR": str(tmp),
            "LANG": "C.UTF-8"}


def without_leak_check(environment):
    """A process that may not be traced cannot be checked for leaks."""
    options = environment.get("ASAN_OPTIONS", "")
    return {**environment, "ASAN_OPTIONS": options + ":detect_leaks=0"}


def wait_until(moment):
    """Returns at the time `moment`, for what ends by the clock."""
    time.sleep(max(0.0, moment - time.time()))
