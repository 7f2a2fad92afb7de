"""Every reason of docs/errors.md that a command line can provoke, with its exit
code, what is said and what is advised. The others are named with the test that
has them."""

import fcntl
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

from chapter import (PATIENCE, SODALITY, Chapter, Result, sample_roster,
                     wait_until)
from refusal import check_refusal

ROOT = pathlib.Path(__file__).resolve().parents[2]
ABSENT = "a" * 25 + "q"

# Nothing that a person types provokes these.
ELSEWHERE = {
    "DEVICE_REVOKED": "tests/rpc/policy_matrix_test.cc",
    "PRINCIPAL_SUSPENDED": "tests/rpc/policy_matrix_test.cc",
    "INVITE_EXPIRED": "tests/core/access/enrollment_test.cc",
    "RATE_LIMITED": "tests/rpc/call_limiter_test.cc",
    "BACKUP_RUNNING": "tests/rpc/backup_service_test.cc",
    "BAD_APPROVAL": "tests/core/access/approvals_test.cc",
    "KEY_IN_USE": "tests/core/access/key_trim_test.cc",
    "ACT_ENDED": "tests/core/access/approvals_test.cc",
    "NO_SUCH_ACT": "tests/e2e/approvals_test.py",
    "OTHER_ACT": "tests/cli/approval_test.cc",
    "CUT_OFF": "tests/cli/backup_test.cc",
    "ROTATION_RUNNING": "tests/rpc/key_service_test.cc",
    "NO_ROOT_KEY_FILE": "tests/e2e/root_test.py",
    "ROTATION_GIVEN_UP": "tests/cli/keys_test.cc",
    "REQUEST_ID_REUSED": "tests/core/directory/request_log_test.cc",
    "BAD_PAGE_TOKEN": "tests/core/directory/page_token_test.cc",
    "BAD_REQUEST_CERTIFICATE": "tests/rpc/server_test.cc",
    "DEADLINE_REQUIRED": "tests/rpc/server_test.cc",
    "NO_HEADER": "tests/rpc/services_test.cc",
    "DISK_FULL": "tests/e2e/full_disk_test.py",
    "STORE_STOPPED": "tests/chapter/chapter_fault_test.cc",
    "NO_ANSWER": "tests/client/error_info_test.cc",
    "SERVER_WENT_BACK": "tests/cli/ledger_test.cc",
    "LEDGER_KEY_CHANGED": "tests/client/profile/remembered_test.cc",
    "BAD_HEAD": "tests/client/ledger_chain_test.cc",
    "BAD_CHAIN": "tests/client/ledger_chain_test.cc",
    "CERTIFICATE_EXPIRED": "tests/client/profile/profile_test.cc",
    "CERTIFICATE_NOT_YET_VALID": "tests/client/profile/profile_test.cc",
    "TOO_LARGE": "tests/core/directory/roster_test.cc",
    "SERVER_FAILED": "tests/client/grpc_connection_test.cc",
    "CALL_REFUSED": "tests/client/grpc_connection_test.cc",
    "MACHINE_FAILED": "tests/cli/named_file_test.cc",
}
# A terminal that goes away between "is there one?" and the question.
A_RACE = {"NO_TERMINAL"}


def documented():
    """The reasons of docs/errors.md: of the server, of the client."""
    server, client = (ROOT / "docs/errors.md").read_text().split(
        "## Said by the client")
    rows = re.findall(r"^\| (`.*?) \|", server.split("| reason |")[1], re.M)
    own = re.findall(r"^\| (`.*?) \|", client, re.M)
    return [{name for row in each for name in re.findall(r"`([A-Z_]+)`", row)}
            for each in (rows, own)]


def exits_of_the_manual():
    page = (ROOT / "docs/man/sodality.1").read_text().split(".SH EXIT STATUS")[1]
    return {int(code) for code in re.findall(r"^\.B (\d+)$", page, re.M)}


class EveryReasonTest(unittest.TestCase):
    """One chapter, and one row after the other."""

    @classmethod
    def setUpClass(cls):
        cls.chapter = Chapter().start()
        cls.seen = set()  # (exit, reason)

    @classmethod
    def tearDownClass(cls):
        cls.chapter.__exit__()

    def row(self, who, words, code, reason, message, hint):
        """Runs it in both forms; patterns match at the beginning."""
        with self.subTest(words=words):
            error = check_refusal(self, code, who.run, *map(str, words))
            self.assertEqual(error.get("reason"), reason, error)
            self.assertRegex(error["message"], rf"\A(?:{message})", error)
            self.assertRegex(error["hint"], rf"\A(?:{hint})", error)
            self.seen.add((code, reason))

    def test_every_error(self):
        chapter = self.chapter
        self.meet()
        self.lines_that_are_none()
        self.values()
        self.files()
        self.access()
        self.members()
        self.joining()
        self.passphrases()
        self.profiles_that_are_none()
        self.full_output()
        self.interrupt()
        self.other_server()
        self.revoked()
        chapter.stop()
        self.row(chapter.admin, ["status"], 8, "UNREACHABLE",
                 "cannot reach the server at 127", "check the network")
        chapter.serve_sealed()
        self.row(chapter.admin, ["find", "maria"], 10, "SEALED",
                 "the server is sealed", "an operator has to run `sodalityd u")
        self.is_complete()

    def meet(self):
        chapter = self.chapter
        self.admin = chapter.admin
        roster = sample_roster(chapter.folder / "roster.csv", 60)
        self.admin.ask("roster", "push", str(roster))
        self.inside = min(self.admin.find("--where", "region=North"))
        self.outside = min(self.admin.find("--where", "region=East Bay"))
        self.cora = chapter.enrol("Cora")
        self.grant = chapter.grant(self.cora, "--scope", "region=North",
                                   classes=("basic", "contact"))
        self.member = chapter.enrol("Mem", "member", "--member", self.inside)

    def lines_that_are_none(self):
        for words, message, hint in (
                (["fnd"], "unknown command: sodality fnd",
                 "did you mean sodality find"),
                (["status", "--jsno"], "unknown option --jsno",
                 r"did you mean --json\?"),
                (["find", "maria", "--limit"], "--limit needs", "see: "),
                (["--profile"], "--profile needs a value", "see: sodality"),
                (["--quiet=perhaps", "status"], "--quiet takes no value but",
                 "see: "),
                (["find", "maria", "--limt"], "--limt needs a value",
                 r"did you mean --limit\?"),
                (["help", "fnd"], "unknown command: sodality fnd",
                 "did you mean sodality find"),
                (["show"], "sodality show needs MEMBER", "see: sodality show"),
                (["find"], "nothing to look for", "name somebody: ")):
            self.row(self.admin, words, 2, "USAGE", message, hint)

    def values(self):
        grant = ["grant", "add", "--to", "Cora", "--role", "coordinator",
                 "--class", "basic"]
        why = ["--purpose", "phone bank"]
        invite = ["invite", "Zoe", "--out", self.chapter.folder / "z"]
        for words, message, hint in (
                ([*grant, "--purpose", "x", "--until", "14d"],
                 "--purpose must say in words", "3 to 500 bytes"),
                ([*grant, *why, "--until", "soon"], "this is no time", "a time"),
                ([*grant, *why, "--until", "2001-01-01"],
                 "--until lies in the past", "a date, or"),
                ([*invite, "--role", "boss"], "unknown role: boss", "known: "),
                ([*invite, "--role", "member", "--ttl", "9d"],
                 "--ttl is at most 7d", "make another"),
                ([*invite, "--role", "member", "--ttl", "soon"],
                 "this is no span of time", "a span of time is"),
                (["grant", "revoke", "zzz"], "ID must be an id of 26", "copy"),
                (["show", "maria"], "MEMBER must be an id", "look it up"),
                (["roster", "push", "x", "--source", "s" * 65],
                 "--source is longer than 64 bytes", "a short name"),
                (["member", "edit", self.inside, "phone=12"],
                 "phone: too short", ""),
                (["find", b"\xff".decode("utf-8", "surrogateescape")],
                 "an argument is not UTF-8", "")):
            self.row(self.admin, words, 2, "INVALID_VALUE", message, hint)
        self.row(self.admin, ["find", "--where", "comittees=Labor"], 2,
                 "UNKNOWN_FIELD", "comittees: no such field", "did you mean c")
        self.row(self.admin, ["find", "maria", "--limt", "5"], 2,
                 "UNKNOWN_FIELD", "--limt: no such field",
                 r"did you mean --limit\?")
        # In one cell, more than the server takes.
        self.row(self.admin, ["member", "edit", self.inside,
                              "notes=" + "n" * 70_000], 2, "INVALID_VALUE",
                 "notes: ", "")

    def files(self):
        folder = self.chapter.folder
        self.row(self.admin, ["roster", "push", "/nonexistent.csv"], 2,
                 "NO_FILE", "cannot read /nonexistent.csv", "is the path")
        self.row(self.chapter.person("new"), ["join", "/nonexistent"], 2,
                 "NO_FILE", "cannot read /nonexistent", "is the path")
        self.row(self.admin, ["invite", "Zoe", "--role", "member", "--out",
                              folder / "roster.csv"], 7, "FILE_EXISTS", ".*exists",
                 "it is not overwritten")
        self.files_that_are_none(folder)
        rows = folder / "rows.csv"
        rows.write_text("external_id,given_name,phone\nP1,Ann,12\nP2,Bo,\n")
        self.admin.run("roster", "push", str(rows)).expect(9)
        self.seen.add((9, None))

    def files_that_are_none(self, folder):
        """A file that is not there, or is not what it should be."""
        missing = folder / "missing"
        self.row(self.admin, ["invite", "Zoe", "--role", "member", "--out",
                              missing / "z"], 2, "NO_FILE",
                 r"cannot create \S+/missing/z: No such file or directory\Z",
                 r"is the folder there, and may you write to it\?\Z")
        self.row(self.admin, ["roster", "push", "x.csv", "--map", missing], 2,
                 "NO_FILE", r"cannot read \S+/missing\Z", "is the path right")
        self.row(self.admin, ["roster", "push", folder], 2, "NO_FILE",
                 rf"cannot read {folder}\Z", "is the path right")
        file = folder / "wrong"
        for content, words, message, hint in (
                (b"given_name\nMar\xeda\n", ["roster", "push", file],
                 r"row 1 \(line 2\), column 1 \(given_name\): not valid UTF-8",
                 "nothing was sent: mend the file, then push it again"),
                (b"\xff\xfea\0", ["roster", "push", file],
                 "not a CSV file: it is UTF-16", "nothing was sent: "),
                (b"x\n1\n", ["roster", "push", file],
                 "no column has the name of a field", "nothing was sent: "),
                (b"x = ", ["roster", "push", "x.csv", "--map", file],
                 "map, line 1: ", r"under \[columns\], a line says: Town = "),
                (b"[columns]\ncity = 'town'\n",
                 ["roster", "push", folder / "roster.csv", "--map", file],
                 'map, line 2: there is no field "town"',
                 "nothing was sent: ")):
            file.write_bytes(content)
            self.row(self.admin, words, 2, "BAD_FILE", message, hint)

    def profiles_that_are_none(self):
        person = self.chapter.enrol("Wrong")
        info = person.profile / "profile.toml"
        text = info.read_text()
        info.write_text("format = 2\n")
        self.row(person, ["status"], 1, "PROFILE_UNUSABLE",
                 r"\S.*/profile.toml: its format is not 1",
                 "put the file back from a copy; without one, enrol anew with "
                 "sodality --profile NEW join FILE and keep this folder")
        info.write_text(text)
        (person.profile / "device.key").chmod(0o644)
        self.row(person, ["status"], 1, "PROFILE_UNUSABLE",
                 r"\S.* is open to other users: chmod 600 it",
                 "the profile is whole: see that its folder and files are yours")

    def access(self):
        admin, cora = self.admin, self.cora
        find = ["find", "maria"]
        self.row(cora, ["invite", "Zoe", "--role", "member", "--out",
                        self.chapter.folder / "z"], 5, "ROLE_NOT_ALLOWED",
                 "your role", "`sodality status`")
        idle = self.chapter.enrol("Idle")
        self.row(idle, find, 5, "NO_GRANT", "you hold no grant",
                 "sodality status lists your grants; an admin can give")
        second = self.chapter.grant(cora)
        self.row(cora, find, 2, "SEVERAL_GRANTS", "you hold several",
                 "add --grant ID: ")
        admin.ask("grant", "revoke", second)
        self.row(cora, [*find, "--grant", second], 5, "GRANT_ENDED",
                 "this grant has ended", "ask an admin")
        self.row(admin, ["grant", "add", "--to", "Ada Admin", "--role",
                         "coordinator", "--class", "basic", "--purpose",
                         "phone bank", "--until", "14d"], 5, "OWN_GRANT",
                 "nobody grants themselves", "ask another admin")
        few = self.chapter.enrol("Few")
        self.chapter.grant(few, "--budget", "1/h")
        few.ask("show", self.inside)
        self.row(few, ["show", self.outside], 11, "BUDGET_EXHAUSTED",
                 "the grant's budget of 1", "it refills from 2")
        self.row(admin, ["ledger", "--by", "Nobody"], 6, "NOT_FOUND",
                 "no principal has", "sodality principal list")
        self.row(admin, ["principal", "suspend", "Ada Admin"], 7, "LAST_ADMIN",
                 "this would leave no admin", "enrol another admin first")

    def members(self):
        admin, cora = self.admin, self.cora
        for member in (self.outside, ABSENT):
            self.row(cora, ["show", member], 6, "MEMBER_NOT_FOUND",
                     "no such member", "look again with `find`")
        self.row(cora, ["member", "edit", self.inside, "region=East Bay"], 5,
                 "OUT_OF_SCOPE", "the member would be outside", "somebody whose")
        self.row(self.member, ["me", "edit", "region=East Bay"], 5,
                 "FIELD_NOT_YOURS", "the organisation keeps", "ask an organiser")
        edit = ["member", "edit", self.inside, "city=X", "--revision"]
        self.row(admin, [*edit, "77"], 7, "STALE_REVISION",
                 "the member has been changed", "look at the member again")
        self.row(admin, ["member", "add", "given_name=X",
                         "external_id=S0000001"], 7, "EXTERNAL_ID_TAKEN",
                 "another member has", "find that member")
        self.row(admin, ["member", "erase", self.inside], 3, "NOT_CONFIRMED",
                 "not confirmed", "--yes does it")

    def joining(self):
        chapter = self.chapter
        nobody = chapter.person("Nobody")
        self.row(nobody, ["status"], 4, "NOT_ENROLLED", "no profile in",
                 "enrol this device")
        short = chapter.invite("Exa", "coordinator", "--ttl", "1s")
        ended = time.time() + 2
        invite = chapter.invite("Bob", "coordinator")
        self.row(nobody, ["join", invite, "--server", "nowhere"], 2,
                 "INVALID_VALUE", "--server must be HOST:PORT", "as in ")
        self.row(self.admin, ["join", invite, "--server", chapter.address], 7,
                 "PROFILE_EXISTS", ".*is not empty", "join with another folder")
        chapter.join("Bob", invite)
        self.row(nobody, ["join", invite, "--server", chapter.address], 4,
                 "INVITE_USED", "this invite has been used", "if that was not")
        pending = chapter.folder / "profile Nobody.joining"
        pending.mkdir(mode=0o700, exist_ok=True)
        with open(pending / "lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.row(nobody, ["join", invite, "--server", chapter.address], 7,
                     "JOIN_UNDER_WAY", "another join into", "wait until it")
        wait_until(ended)
        self.row(nobody, ["join", short, "--server", chapter.address], 4,
                 "INVITE_NOT_GOOD", "this invite", "ask for a new invite")

    def passphrases(self):
        chapter = self.chapter
        passphrase = chapter.folder / "passphrase"
        passphrase.write_text("correct horse battery\n")
        given = ["--passphrase-file", str(passphrase)]
        pat = chapter.person("Pat")
        pat.run(*given, "join", str(chapter.invite("Pat", "coordinator")),
                "--server", chapter.address).expect(0)
        self.row(pat, ["status"], 3, "PASSPHRASE_NEEDED", "this device's key",
                 "give it with --passphrase-file")
        missing = chapter.folder / "missing"
        self.row(pat, ["--passphrase-file", missing, "status"], 2, "NO_FILE",
                 rf"cannot read {missing}\Z", "is the path right")
        passphrase.write_text("one\ntwo\n")
        self.row(pat, [*given, "status"], 2, "BAD_FILE",
                 rf"{passphrase} is not one line of at most 1024 bytes",
                 "the file holds the passphrase and nothing else")
        passphrase.write_text("another\n")
        self.row(pat, [*given, "status"], 5, "WRONG_PASSPHRASE",
                 "the passphrase does not open", "it is the one given")

    def profile_at(self, name, address):
        """Somebody's whose profile names another server."""
        person = self.chapter.enrol(name)
        file = person.profile / "profile.toml"
        text = file.read_text()
        changed = text.replace(self.chapter.address, address)
        self.assertNotEqual(changed, text)
        file.write_text(changed)
        return person

    def full_output(self):
        for form in (["--json"], []):
            with open("/dev/full", "wb") as full:
                done = Result(subprocess.run(
                    [SODALITY, *form, "version"], stdout=full, check=False,
                    stderr=subprocess.PIPE, timeout=PATIENCE)).expect(1)
            self.assertIn(b"cannot write to standard output", done.err)
            if form:
                self.assertEqual(done.error["reason"], "CANNOT_WRITE")
        self.seen.add((1, "CANNOT_WRITE"))

    def interrupt(self):
        """Somebody waits for a server that says nothing, and presses Ctrl-C."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"127.0.0.1:{silent.getsockname()[1]}"
            person = self.profile_at("Waiting", address)
            for form in (["--json"], []):
                waiting = subprocess.Popen(
                    [SODALITY, "--profile", person.profile, *form, "status"],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    env=self.chapter.environment)
                connection, _ = silent.accept()
                waiting.send_signal(signal.SIGINT)
                out, err = waiting.communicate(timeout=PATIENCE)
                connection.close()
                self.assertEqual((waiting.returncode, out), (130, b""), err)
                self.assertIn(b"interrupted", err)
                if form:
                    result = Result(subprocess.CompletedProcess(
                        waiting.args, 130, out, err))
                    self.assertEqual(result.error["exit"], 130)
                    self.assertEqual(result.error["reason"], "INTERRUPTED")
        self.seen.add((130, "INTERRUPTED"))

    def other_server(self):
        with Chapter() as other:
            other.start()
            person = self.profile_at("Misled", other.address)
            self.row(person, ["status"], 8, "SERVER_NOT_RECOGNISED",
                     "what answers at the address is not this chapter's",
                     "check the address; if it is right")
            invite = self.chapter.invite("Lost", "coordinator")
            self.row(self.chapter.person("Lost"), [
                "join", invite, "--server", other.address], 8,
                     "SERVER_NOT_RECOGNISED",
                     "what answers at the address is not this chapter's",
                     "check the address; if it is right")

    def revoked(self):
        gone = self.chapter.enrol("Gone")
        device = [each["id"] for each in self.admin.ask("device", "list")[
            "devices"] if each["principal"]["name"] == "Gone"]
        self.admin.ask("device", "revoke", *device)
        self.row(gone, ["status"], 4, "CERTIFICATE_REFUSED",
                 "the server refuses this certificate: it was revoked",
                 "ask an admin; with a new invite: sodality --profile NEW")

    def is_complete(self):
        reasons = {reason for _, reason in self.seen}
        server, client = documented()
        self.assertGreater(len(server), 25)
        missing = (server | client) - reasons - set(ELSEWHERE) - A_RACE
        self.assertFalse(missing, "no row provokes these")
        self.assertFalse(set(ELSEWHERE) & reasons, "these have a row by now")
        for reason, test in ELSEWHERE.items():
            name = "k" + reason.title().replace("_", "")
            self.assertRegex((ROOT / test).read_text(), rf'"{reason}"|{name}\b',
                             (reason, test))
        # 0 is no error; 1 is damage: tamper_test.py.
        exits = {code for code, _ in self.seen}
        self.assertEqual(exits_of_the_manual() - exits - {0, 1, 12}, set())


if __name__ == "__main__":
    unittest.main()
