"""Errors of both programs, provoked from the outside: each has its exit code,
its error: and hint: lines, and the same as an object with --json."""

import json as jsonlib
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import unittest
from typing import NamedTuple

from chapter import (PATIENCE, SODALITY, SODALITYD, Chapter, Result,
                     without_leak_check)
from refusal import check_refusal

ROOT = pathlib.Path(__file__).resolve().parents[2]
ABSENT = "a" * 26  # The id of nobody.


class Row(NamedTuple):
    words: tuple
    exit: int
    code: str
    reason: str  # Of the client; sodalityd has none.
    message: str  # The whole line, as a pattern.
    hint: str


ANY_PATH = r"\S+"

# Without a profile, a server or a terminal.
ALONE = (
    Row(("fnid",), 2, "INVALID_ARGUMENT", "USAGE",
        "unknown command: sodality fnid", r"did you mean sodality find\?"),
    Row(("grant",), 2, "INVALID_ARGUMENT", "USAGE",
        "sodality grant needs a command", "see: sodality grant --help"),
    Row(("show",), 2, "INVALID_ARGUMENT", "USAGE",
        "sodality show needs MEMBER", "see: sodality show --help"),
    Row(("show", ABSENT, "more"), 2, "INVALID_ARGUMENT", "USAGE",
        "surplus argument to sodality show", "see: sodality show --help"),
    Row(("show", ABSENT, "--revael"), 2, "INVALID_ARGUMENT", "USAGE",
        "unknown option --revael", r"did you mean --reveal\?"),
    Row(("show", ABSENT, "--grant"), 2, "INVALID_ARGUMENT", "USAGE",
        "--grant needs a value", "see: sodality show --help"),
    Row(("status", "--profile="), 2, "INVALID_ARGUMENT", "USAGE",
        "--profile needs a value", "see: sodality --help"),
    Row(("status", "--quiet=perhaps"), 2, "INVALID_ARGUMENT", "USAGE",
        "--quiet takes no value but true or false", "see: sodality --help"),
    Row((b"find", b"Mar\xff"), 2, "INVALID_ARGUMENT", "INVALID_VALUE",
        "an argument is not UTF-8", "the terminal must be set to UTF-8"),
    Row(("invite", "X", "--role", "coordinator", "--out", "x", "--ttl", "8d"),
        2, "INVALID_ARGUMENT", "INVALID_VALUE", "--ttl is at most 7d",
        "make another invite when this one has ended"),
    Row(("grant", "add", "--to", "X", "--role", "coordinator", "--class",
         "basic", "--purpose", "x", "--until", "14d"),
        2, "INVALID_ARGUMENT", "INVALID_VALUE",
        "--purpose must say in words what the access is for",
        "3 to 500 bytes, such as: phone bank in May"),
    Row(("grant", "add", "--to", "X", "--role", "coordinator", "--class",
         "basic", "--purpose", "phone bank", "--until", "2020-01-01"),
        2, "INVALID_ARGUMENT", "INVALID_VALUE", "--until lies in the past",
        "a date, or a span such as 14d"),
    Row(("roster", "push", "x.csv", "--source", "x" * 65),
        2, "INVALID_ARGUMENT", "INVALID_VALUE",
        "--source is longer than 64 bytes",
        "a short name of where the file is from"),
    Row(("keys", "shares", "verify", "/nonexistent/share"), 2,
        "INVALID_ARGUMENT", "NO_FILE", "cannot read /nonexistent/share",
        r"is the path right, and may you read it\?"),
    Row(("join", "/nonexistent/invite"), 2, "INVALID_ARGUMENT", "NO_FILE",
        "cannot read /nonexistent/invite",
        r"is the path right, and may you read it\?"),
    Row(("status",), 4, "UNAUTHENTICATED", "NOT_ENROLLED",
        f"no profile in {ANY_PATH}", "enrol this device: sodality join FILE"),
)

# With a chapter and its admin.
ADMIN = (
    Row(("show", ABSENT), 6, "NOT_FOUND", "MEMBER_NOT_FOUND",
        "no such member", "look again with `find`; a member outside your "
        "grant answers the same"),
    Row(("find", "--where", "comittees=Labor"), 2, "INVALID_ARGUMENT",
        "UNKNOWN_FIELD", "comittees: no such field",
        r"did you mean committees\?"),
    Row(("roster", "push", "/nonexistent.csv"), 2, "INVALID_ARGUMENT",
        "NO_FILE", r"cannot read /nonexistent\.csv",
        r"is the path right, and may you read it\?"),
    Row(("join", "ADMIN_INVITE"), 7, "ALREADY_EXISTS", "PROFILE_EXISTS",
        f"{ANY_PATH} Ada Admin is not empty", "join with another folder.*"),
    Row(("member", "erase", ABSENT), 3, "CANCELLED", "NOT_CONFIRMED",
        "not confirmed: --no-input", "--yes does it without asking"),
)

# sodalityd; DATA is a chapter's folder, KEY its root key.
INIT = ("init", "--chapter", "Other", "--listen", "127.0.0.1:0", "--admin",
        "Ada Admin")
NAMED = r"is the path right, and the file as it was made\?"
DAEMON = (
    Row((), 2, "USAGE", "", "a command is needed",
        "one of init, serve, doctor, restore, unseal, seal, version"),
    Row(("sreve", "--data", "DATA"), 2, "USAGE", "",
        "unknown command: sreve",
        "one of init, serve, doctor, restore, unseal, seal, version"),
    Row(("serve", "--data", "DATA", "doctor"), 2, "USAGE", "",
        "the following argument was not expected: doctor",
        "see sodalityd --help"),
    Row(("serve",), 2, "USAGE", "", "--data is required",
        "see sodalityd --help"),
    Row(("doctor", "--data", "DATA", "surplus"), 2, "USAGE", "",
        "the following argument was not expected: surplus",
        "see sodalityd --help"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite"), 2, "USAGE", "",
        "give one of --root-key FILE, --passphrase-file FILE, and --shares N "
        "--threshold K --shares-out DIR",
        "see sodalityd init --help"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--shares", "5"),
        2, "USAGE", "", "--shares requires --threshold", "see sodalityd --help"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--shares", "5",
         "--threshold", "3", "--shares-out", "NEW.shares", "--root-key", "KEY"),
        2, "USAGE", "", "--root-key excludes --shares", "see sodalityd --help"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--shares", "5",
         "--threshold", "6", "--shares-out", "NEW.shares"), 2, "USAGE", "",
        "6 of 5 shares cannot be: there are at most 16, and from 2 to all of "
        "them open", "for five holders: --shares 5 --threshold 3"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--shares", "5",
         "--threshold", "3", "--shares-out", "DATA"), 7, "CONFLICT", "",
        f"{ANY_PATH} is there and not empty",
        "choose another folder, or move that one away"),
    Row((*INIT, "--data", "NEW", "--invite-out", "KEY", "--root-key", "KEY"),
        7, "CONFLICT", "", f"{ANY_PATH} exists already",
        "name another file, or move that one away"),
    Row((*INIT, "--data", "DATA", "--invite-out", "NEW.invite", "--root-key",
         "KEY"), 7, "CONFLICT", "", f"{ANY_PATH} is there and not empty",
        "choose another folder, or move that one away"),
    Row(("doctor", "--data", "NEW"), 6, "NOT_FOUND", "",
        f"there is no chapter in {ANY_PATH}",
        "--data is the folder that sodalityd init made"),
    *(Row((command, "--data", "DATA", "--root-key", "WRONG"), 10, "SEALED", "",
          "the root key does not open this keyring",
          "give the key, passphrase or shares that this folder was set up with")
      for command in ("doctor", "serve")),
    *(Row((command, "--data", "DATA", option, "NEW"), 2, "USAGE", "",
          f"cannot open {ANY_PATH}/new: No such file or directory", NAMED)
      for command in ("doctor", "serve")
      for option in ("--root-key", "--passphrase-file", "--share")),
    *(Row((command, "--data", "DATA", "--root-key", "NOTES"), 2, "USAGE", "",
          f'{ANY_PATH}/notes: a root key begins with "[^"]+"', NAMED)
      for command in ("doctor", "serve")),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite",
         "--passphrase-file", "NEW"), 2, "USAGE", "",
        f"cannot open {ANY_PATH}/new: No such file or directory", NAMED),
    Row((*INIT, "--data", "NEW/deeper", "--invite-out", "NEW.invite",
         "--root-key", "KEY"), 2, "USAGE", "",
        f'there is no folder "{ANY_PATH}/new"', "make it, or name another"),
    Row((*INIT, "--data", "", "--invite-out", "NEW.invite", "--root-key",
         "KEY"), 2, "USAGE", "", 'there is no folder ""',
        "make it, or name another"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW/deeper", "--root-key",
         "KEY"), 2, "USAGE", "",
        f'there is no folder "{ANY_PATH}/new"', "make it, or name another"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--root-key",
         "NEW/deeper"), 2, "USAGE", "",
        f'there is no folder "{ANY_PATH}/new"', "make it, or name another"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--root-key",
         "/proc/root.key"), 1, "FAILED", "", r"cannot open /proc/root\.key\.new: .+",
        "nothing was set up: mend what is said, then try again"),
    Row((*INIT, "--data", "NEW", "--invite-out", "NEW.invite", "--root-key",
         "KEY", "--country", "usa"), 2, "USAGE", "",
        "a country must be two capital letters, like US",
        "--country says how national telephone numbers are read"),
    Row(("init", "--chapter", "", *INIT[3:], "--data", "NEW", "--invite-out",
         "NEW.invite", "--root-key", "KEY"), 2, "USAGE", "",
        "a chapter's name must have 1 to 128 bytes of UTF-8 on one line",
        "--chapter is the name that members know it by"),
    Row((*INIT[:-1], "", "--data", "NEW", "--invite-out", "NEW.invite",
         "--root-key", "KEY"), 2, "USAGE", "",
        "a name has 1 to 128 bytes", "--admin names the first admin"),
    *(Row((command, "--data", "DATA"), 8, "UNREACHABLE", "",
          f"no server runs on {ANY_PATH}",
          "start it: sodalityd serve --data DIR")
      for command in ("seal", "unseal")),
    *(Row((command, "--data", "NEW"), 6, "NOT_FOUND", "",
          f"there is no data folder {ANY_PATH}",
          "--data is the folder that sodalityd init made")
      for command in ("seal", "unseal")),
    Row(("serve", "--data", "NEW"), 6, "NOT_FOUND", "",
        f"cannot open {ANY_PATH}/new/chapter.toml: No such file or directory",
        "--data is the folder that sodalityd init made"),
    Row(("serve", "--data", "DATA", "--listen", "TAKEN", "--root-key", "KEY"),
        8, "UNREACHABLE", "", r"cannot listen on 127\.0\.0\.1:\d+",
        "another program may have the port: see --listen"),
)
# Of a running server that is sealed.
SEALED = (
    Row(("unseal", "--root-key", "WRONG"), 10, "SEALED", "",
        "the root key does not open this keyring",
        "give the key, passphrase or shares that this folder was set up with"),
    Row(("unseal", "--root-key", "NEW"), 2, "USAGE", "",
        f"cannot open {ANY_PATH}/new: No such file or directory", NAMED),
    Row(("unseal", "--passphrase-file", "NEW"), 2, "USAGE", "",
        f"cannot open {ANY_PATH}/new: No such file or directory", NAMED),
    Row(("unseal", "NEW"), 2, "USAGE", "",
        f"cannot open {ANY_PATH}/new: No such file or directory", NAMED),
    Row(("unseal", "WRONG"), 2, "USAGE", "",
        f'{ANY_PATH}: there is no share: one begins with "[^"]+"', NAMED),
    Row(("unseal", "NEW", "--root-key", "WRONG"), 2, "USAGE", "",
        "--root-key excludes SHARE-FILE", "see sodalityd --help"),
    Row(("unseal",), 2, "USAGE", "", "this folder is kept by a key file",
        "sodalityd unseal --data DIR --root-key FILE"),
)
# Exit codes of sodalityd that no row provokes, and where they are.
ELSEWHERE = {
    0: "no error",
    1: "damage: tamper_test.py",
    3: "a passphrase that nobody can be asked for: below",
    5: "another user's server: needs a second user, and is not tested",
    130: "a signal: below",
}


def in_no_terminal(chapter, *words):
    return Result(subprocess.run(
        [SODALITYD, *words], capture_output=True, timeout=PATIENCE,
        check=False, env=without_leak_check(chapter.environment),
        start_new_session=True))


def without_log(result):
    """`serve` logs to standard error before it gives up."""
    result.err = b"".join(line for line in result.err.splitlines(True)
                          if b'"level":' not in line)
    return result


class ErrorCatalogueTest(unittest.TestCase):
    def check(self, row, run, *words):
        """Refused as the row says; check_refusal compares both forms."""
        with self.subTest(words=row.words):
            error = check_refusal(self, row.exit, run, *words)
            self.assertEqual((error["code"], error.get("reason", "")),
                             (row.code, row.reason))
            self.assertRegex(error["message"], rf"\A(?:{row.message})\Z")
            self.assertRegex(error["hint"], rf"\A(?:{row.hint})\Z")

    def test_without_profile_or_server(self):
        with tempfile.TemporaryDirectory() as home:
            def alone(*words):
                return Result(subprocess.run(
                    [SODALITY, "--profile", home + "/none", "--no-input",
                     *words],
                    capture_output=True, timeout=PATIENCE, check=False))
            for row in ALONE:
                self.check(row, alone, *row.words)

    def test_of_an_admin(self):
        with Chapter() as chapter:
            chapter.start()
            invite = str(chapter.folder / "admin.invite")
            for row in ADMIN:
                words = [invite if word == "ADMIN_INVITE" else word
                         for word in row.words]
                self.check(row, chapter.admin.run, *words)

    def test_of_the_server(self):
        with Chapter() as chapter, Chapter() as other, socket.create_server(
                ("127.0.0.1", 0)) as taken:
            chapter.init()
            other.init()
            names = {"DATA": chapter.data, "KEY": chapter.root_key,
                     "WRONG": other.root_key,
                     "NEW": chapter.folder / "new",
                     "NEW/deeper": chapter.folder / "new/deeper",
                     "NOTES": chapter.folder / "notes",
                     "NEW.invite": chapter.folder / "new.invite",
                     "TAKEN": f"127.0.0.1:{taken.getsockname()[1]}"}
            names["NOTES"].write_text("buy stamps\n")
            for row in DAEMON:
                words = [names.get(word, word) for word in row.words]
                self.check(row, lambda *words: without_log(
                    chapter.daemon(*words)), *words)

    def test_of_a_sealed_server(self):
        with Chapter() as chapter, Chapter() as other:
            chapter.init()
            other.init()
            chapter.serve_sealed()
            names = {"WRONG": other.root_key, "NEW": chapter.folder / "new"}
            for row in SEALED:
                words = [names.get(word, word) for word in row.words]
                self.check(row, chapter.daemon, *words, "--data", chapter.data)

    def test_json_of_a_path_that_is_no_text(self):
        done = Result(subprocess.run(
            [SODALITYD, "--json", "doctor", "--data", b"/none\xff"],
            capture_output=True, timeout=PATIENCE, check=False)).expect(6)
        self.assertEqual(jsonlib.loads(done.err)["error"]["message"],
                         "there is no chapter in /none\ufffd")

    def test_json_is_heeded_in_every_spelling(self):
        for word, json in (("--json", True), ("--json=true", True),
                           ("--json=1", True), ("--json=false", False)):
            done = Result(subprocess.run(
                [SODALITYD, word, "serve"], capture_output=True,
                timeout=PATIENCE, check=False)).expect(2)
            if json:
                self.assertEqual(done.error["code"], "USAGE")
            else:
                self.assertIn(b"sodalityd: error: ", done.err)

    def test_passphrase_that_nobody_can_be_asked_for(self):
        with Chapter() as chapter:
            file = chapter.folder / "passphrase"
            file.write_text("a long enough passphrase\n")
            file.chmod(0o600)
            chapter.init("--passphrase-file", file)
            chapter.serve_sealed()
            self.check(Row(("unseal",), 3, "CANCELLED", "", ".+", ".+"),
                       lambda *words: in_no_terminal(
                           chapter, *words, "--data", chapter.data), "unseal")

    def test_every_exit_code_of_the_server_has_a_row(self):
        header = (ROOT / "server/app/exit_code.h").read_text()
        body = re.search(r"enum class ExitCode : int \{(.*?)\};", header,
                         re.S)[1]
        codes = {int(number) for number in re.findall(r"= (\d+),", body)}
        self.assertIn(130, codes)
        self.assertEqual({row.exit for row in DAEMON} | set(ELSEWHERE), codes)

    def test_version_has_a_json_form(self):
        for program in (SODALITY, SODALITYD):
            done = Result(subprocess.run(
                [program, "version", "--json"], capture_output=True,
                timeout=PATIENCE, check=False))
            self.assertEqual(list(done.expect(0).json), ["version"])

    def test_interrupted_server_says_so_in_json(self):
        with Chapter() as chapter:
            chapter.init()
            with subprocess.Popen(
                    [SODALITYD, "--json", "serve", "--data", chapter.data,
                     "--listen", "127.0.0.1:0", "--root-key",
                     chapter.root_key],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    env=without_leak_check(chapter.environment)) as server:
                self.assertIn(b"listening", server.stdout.readline())
                server.send_signal(signal.SIGINT)
                _, said = server.communicate(timeout=PATIENCE)
            error = Result(subprocess.CompletedProcess(
                [], server.returncode, b"", said)).error
            self.assertEqual(server.returncode, 130)
            self.assertEqual((error["code"], error["exit"]),
                             ("INTERRUPTED", 130))


if __name__ == "__main__":
    unittest.main()
