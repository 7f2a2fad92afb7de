"""Wrong values, files, grants, invites and devices: each is refused with the
exit code and the words that say what and where, and nothing is half done."""

import contextlib
import datetime
import hashlib
import re
import time
import unittest

from chapter import Chapter, sample_roster, wait_until
from refusal import check_refusal

MEGABYTES = 10 << 20
ABSENT = "a" * 26  # The id of nobody.


class BadInput(unittest.TestCase):
    """One chapter with 60 members for all of a class."""

    @classmethod
    def setUpClass(cls):
        cls.chapter = cls.enterClassContext(Chapter()).start()
        cls.admin = cls.chapter.admin
        roster = sample_roster(cls.chapter.folder / "roster.csv", 60)
        cls.admin.ask("roster", "push", str(roster))

    def refuse(self, code, person, *words):
        return check_refusal(self, code, person.run, *words)

    @contextlib.contextmanager
    def nothing_stored(self):
        before = self.admin.ask("status")["server"]
        yield
        self.assertEqual(self.admin.ask("status")["server"], before)

    def file(self, content):
        path = self.chapter.folder / "file"
        path.write_bytes(content)
        return str(path)


class ValueTest(BadInput):
    def push(self, content, code=2):
        with self.nothing_stored():
            return self.refuse(code, self.admin, "roster", "push",
                               self.file(content))

    def test_unknown_field_is_named_with_the_nearest(self):
        error = self.refuse(2, self.admin, "find", "--where", "comittees=Labor")
        self.assertEqual((error["reason"], error["field"]),
                         ("UNKNOWN_FIELD", "comittees"))
        self.assertIn("committees", error["hint"])
        self.refuse(2, self.admin, "member", "add", "given_nam=Maria")

    def test_values_that_are_none_of_their_type(self):
        with self.nothing_stored():
            for value in ("phone=12", "email=nobody", "birthday=someday",
                          "consent_call=perhaps"):
                error = self.refuse(2, self.admin, "member", "add",
                                    "given_name=Maria", value)
                self.assertEqual(error["field"], value.split("=")[0])

    def test_malformed_utf_8(self):
        for words in ((b"find", b"Mar\xff\xfe"),
                      (b"member", b"add", b"given_name=Mar\xc3"),
                      (b"find", b"--where", b"region=\xed\xa0\x80"),
                      (b"show", b"\xff" * 26)):
            self.refuse(2, self.admin, *words)
        error = self.push(b"external_id,first_name\nU1,Good\nU2,B\xffd\n")
        self.assertRegex(error["message"], r"row 2\b.*first_name.*UTF-8")

    def test_value_of_ten_megabytes(self):
        cell = b"x" * MEGABYTES
        error = self.push(b"external_id,notes\nM1,short\nM2," + cell + b"\n")
        self.assertRegex(error["message"], r"row 2\b")
        error = self.refuse(2, self.admin, "member", "add", "given_name=Maria",
                            "notes=" + "x" * 100_000)
        self.assertIn("notes", error["message"])

    def test_value_that_only_the_row_is_refused_for(self):
        file = self.file(b"external_id,notes\nL1," + b"x" * 20_000 + b"\n")
        result = self.admin.ask("roster", "push", file, code=9)
        [invalid] = result["invalid"]
        self.assertEqual((invalid["row"], invalid["column"]), (1, "notes"))
        self.assertEqual(self.admin.find("--where", "external_id=L1"), set())

    def test_files_that_are_no_csv(self):
        for content in (b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\3\4rest",
                        "external_id,first_name\nN1,Maria\n".encode("utf-16"),
                        b'external_id,first_name\nN1,"Maria\n',
                        b"external_id,first_name\nN1,Maria,surplus\n"):
            self.assertTrue(self.push(content)["message"])
        self.refuse(2, self.admin, "roster", "push", "/nonexistent.csv")

    def test_stale_revision(self):
        made = self.admin.ask("member", "add", "given_name=Staleena")
        edit = ("member", "edit", made["id"], "--revision", "1")
        self.admin.ask(*edit, "city=First")
        error = self.refuse(7, self.admin, *edit, "city=Second")
        self.assertEqual(error["code"], "ABORTED")
        [shown] = self.admin.ask("show", made["id"], "--reveal")["members"]
        self.assertEqual(shown["fields"]["city"], "First")

    def test_taken_external_id(self):
        self.refuse(7, self.admin, "member", "add", "given_name=Maria",
                    "external_id=S0000001")

    def test_erasing_needs_a_yes(self):
        [member] = self.admin.ask("find", "member2@example.org")["members"]
        error = self.refuse(3, self.admin, "member", "erase", member["id"])
        self.assertIn("--yes", error["hint"])

    def test_misuse_of_the_command_line(self):
        for words in (("fnid",), ("find",), ("find", "maria", "--limit", "0"),
                      ("show",), ("show", "maria"), ("show", ABSENT, "more"),
                      ("find", "maria", "--limit", "many"), ("--colour",),
                      ("invite", "X", "--role", "queen", "--out", "x")):
            self.refuse(2, self.admin, *words)


class GrantTest(BadInput):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cora = cls.chapter.enrol("Cora Coordinator")
        cls.grant = cls.chapter.grant(cls.cora, "--scope", "committees=Housing")

    def member(self, where):
        """Somebody who is (not) in Housing."""
        housing = self.admin.find("--committees", "Housing")
        everybody = self.admin.find("--where", "languages=English")
        return sorted(housing if where else everybody - housing)[0]

    def test_member_of_another_scope_is_as_one_that_does_not_exist(self):
        self.cora.ask("show", self.member(True))
        for command, rest in ((("show",), ()),
                              (("member", "edit"), ("region=North",))):
            outside = self.refuse(6, self.cora, *command, self.member(False),
                                  *rest)
            absent = self.refuse(6, self.cora, *command, ABSENT, *rest)
            self.assertEqual(outside, absent)

    def test_filter_outside_the_grant_is_as_an_unknown_field(self):
        for words in (("find", "maria", "--where", "{}=x"),
                      ("find", "--where", "{}=x"),
                      ("show", self.member(True), "--field", "{}"),
                      ("member", "edit", self.member(True), "{}=x")):
            outside, unknown = (
                [self.refuse(2, self.cora, *(w.format(name) for w in words)),
                 self.cora.run(*(w.format(name) for w in words)).err.decode()]
                for name in ("notes", "zyxwv"))
            self.assertEqual(repr(outside).replace("notes", "zyxwv"),
                             repr(unknown))

    def test_words_outside_the_grant_find_nobody_by_contact(self):
        self.refuse(2, self.cora, "find", "member1@example.org")
        self.refuse(2, self.cora, "find", "202-555-0100")

    def test_without_a_grant(self):
        idle = self.chapter.enrol("Ida Idle")
        self.assertEqual(self.refuse(5, idle, "find", "maria")["reason"],
                         "NO_GRANT")
        self.refuse(5, idle, "find", "maria", "--grant", self.grant)
        self.refuse(5, idle, "member", "add", "given_name=Maria")
        self.refuse(5, idle, "roster", "push", self.file(b"external_id\nI1\n"))
        self.refuse(5, idle, "grant", "add", "--to", idle.name, "--role",
                    "coordinator", "--class", "basic", "--purpose", "mine now",
                    "--until", "1d")

    def test_revoked_and_ended_grants(self):
        late = self.chapter.enrol("Lou Late")
        end = time.time() + 2
        self.chapter.grant(late, until=datetime.datetime.fromtimestamp(
            int(end) + 1, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
        gone = self.chapter.enrol("Rae Revoked")
        self.admin.ask("grant", "revoke", self.chapter.grant(gone))
        self.assertEqual(self.refuse(5, gone, "find", "maria")["reason"],
                         "GRANT_ENDED")
        wait_until(int(end) + 1)
        self.assertEqual(self.refuse(5, late, "find", "maria")["reason"],
                         "GRANT_ENDED")

    def test_nobody_grants_themselves(self):
        words = ("grant", "add", "--role", "admin", "--class", "basic",
                 "--purpose", "more", "--until", "1d", "--to")
        self.refuse(5, self.admin, *words, "Ada Admin")
        self.refuse(6, self.admin, *words, "Nobody")

    def test_used_up_budget_says_when_it_refills(self):
        few = self.chapter.enrol("Fay Few")
        self.chapter.grant(few, "--budget", "3/h,100/d")
        seen = few.ask("find", "--region", "North", "--limit", "3")["members"]
        self.assertEqual(len(seen), 3)
        ids = [member["id"] for member in seen]
        few.ask("show", ids[0])  # Once seen, they cost nothing more.
        other = next(iter(self.admin.find("--region", "North") - set(ids)))
        error = self.refuse(11, few, "show", other)
        self.assertEqual(error["code"], "RESOURCE_EXHAUSTED")
        left = (datetime.datetime.fromisoformat(error["retry_at"]) -
                datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        self.assertTrue(3000 < left <= 3600, left)
        self.assertIn(error["retry_at"],
                      few.run("show", other).err.decode())
        self.refuse(11, few, "find", "--region", "North", "--limit", "4")
        self.assertEqual(few.ask("status")["grants"][0]["left"]["per_hour"], 0)


class InviteTest(BadInput):
    def join_refused(self, code, invite):
        person = self.chapter.person(f"nobody {time.monotonic_ns()}")
        error = self.refuse(code, person, "join", str(invite), "--server",
                            self.chapter.address)
        self.assertEqual(person.run("status").code, 4)
        return error

    def changed(self, invite, change):
        """A copy whose text is changed and whose checksum is right."""
        body = change(invite.read_bytes())
        body = body[:body.rindex(b"checksum: ")]
        return self.file(body + b"checksum: " +
                         hashlib.sha256(body).hexdigest().encode() + b"\n")

    def test_wrong_file(self):
        self.join_refused(2, self.file(b"no invite"))
        self.join_refused(2, self.file(b""))
        self.join_refused(2, "/nonexistent.invite")

    def test_damaged_invite(self):
        content = self.chapter.invite("Dee", "coordinator").read_bytes()
        self.join_refused(2, self.file(content[:-10]))
        self.join_refused(2, self.file(content.replace(b"coord", b"coorb", 1)))

    def test_invite_with_another_key_in_it(self):
        key = re.compile(rb"-----BEGIN PRIVATE KEY-.*-END PRIVATE KEY-----\n",
                         re.DOTALL)
        one, two = (self.chapter.invite(name, "coordinator")
                    for name in ("Ike", "Jo"))
        other = key.search(two.read_bytes())[0]
        self.join_refused(2, self.changed(
            one, lambda text: key.sub(lambda _: other, text)))
        self.chapter.join("Ike", self.changed(one, lambda text: text))

    def test_used_invite_with_a_new_key(self):
        invite = self.chapter.invite("Uma", "coordinator")
        self.chapter.join("Uma", invite)
        self.join_refused(4, invite)
        self.assertGreater(
            self.admin.ask("status")["server"]["refused_invites"], 0)

    def test_expired_invite(self):
        invite = self.chapter.invite("Exa", "coordinator", "--ttl", "1s")
        wait_until(time.time() + 2)
        self.assertIn("expired", self.join_refused(4, invite)["message"])

    def test_invite_of_another_chapter(self):
        with Chapter() as other:
            other.init()
            self.join_refused(8, other.folder / "admin.invite")

    def test_revoked_device_on_its_next_message(self):
        lost = self.chapter.enrol("Lena Lost")
        device = lost.ask("status")["device"]["id"]
        self.admin.ask("device", "revoke", device)
        self.refuse(4, lost, "status")
        self.refuse(4, lost, "find", "maria")

    def test_suspended_person(self):
        off = self.chapter.enrol("Otto Off")
        self.admin.ask("principal", "suspend", off.name)
        self.refuse(4, off, "status")
        self.admin.ask("principal", "suspend", off.name, "--lift")
        off.ask("status")

    def test_invite_file_is_not_overwritten(self):
        taken = self.file(b"mine")
        self.refuse(7, self.admin, "invite", "Tia", "--role", "coordinator",
                    "--out", taken)

    def test_who_never_joined(self):
        self.refuse(4, self.chapter.person("stranger"), "find", "maria")


if __name__ == "__main__":
    unittest.main()
