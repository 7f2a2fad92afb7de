"""The whole way: a coordinator finds a contact on a roster, and it is known."""

import csv
import re
import unittest

from chapter import Chapter, sample_roster

ID = re.compile(r"[a-z2-7]{26}\Z")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")

BASIC = {"given_name", "family_name", "pronouns", "region", "committees"}
CONTACT = {"email", "phone", "street", "city", "state", "postal_code",
           "country", "consent_call", "consent_text", "consent_email"}


class FirstWayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = chapter = cls.enterClassContext(Chapter()).start()
        roster = sample_roster(chapter.folder / "roster.csv")
        with open(roster, encoding="utf-8", newline="") as file:
            cls.rows = list(csv.DictReader(file))
        cls.admin = chapter.admin
        cls.pushed, cls.again = (cls.admin.ask("roster", "push", str(roster))
                                 for _ in range(2))
        cls.cora = chapter.enrol("Cora Coordinator")
        cls.grant = chapter.grant(cls.cora, classes=("basic", "contact"))

    def member(self, row):
        """What the admin sees of the member of a row, found by e-mail."""
        found = self.admin.ask("find", row["email"], "--reveal")["members"]
        self.assertEqual(len(found), 1, row)
        return found[0]

    def test_push_reports_every_row(self):
        counts = {"rows": 300, "added": 300, "changed": 0, "unchanged": 0,
                  "suppressed": 0, "removed": 0, "invalid": [], "unmapped": []}
        self.assertEqual(self.pushed, self.pushed | counts)

    def test_same_push_again_changes_nothing(self):
        counts = {"rows": 300, "added": 0, "changed": 0, "unchanged": 300}
        self.assertEqual(self.again, self.again | counts)

    def test_dry_run_stores_nothing(self):
        roster = sample_roster(self.chapter.folder / "other.csv", 310, 7)
        before = self.admin.ask("status")["server"]
        report = self.admin.ask("roster", "push", str(roster), "--dry-run")
        self.assertEqual((report["rows"], report["added"]), (310, 10))
        self.assertEqual(self.admin.ask("status")["server"], before)

    def test_unmapped_columns_and_bad_rows_are_named(self):
        roster = self.chapter.folder / "bad.csv"
        roster.write_text("external_id,first_name,phone,caucus\n"
                          "B1,Wilhelmina,202-555-0188,left\n"
                          "B2,Balthasar,12,right\n", encoding="utf-8")
        report = self.admin.ask("roster", "push", str(roster), code=9)
        self.assertEqual((report["rows"], report["added"]), (2, 1))
        self.assertEqual(report["unmapped"], ["caucus"])
        [invalid] = report["invalid"]
        self.assertEqual((invalid["row"], invalid["column"]), (2, "phone"))
        self.assertTrue(invalid["reason"])
        self.assertEqual(len(self.admin.find("Wilhelmina")), 1)
        self.assertEqual(self.admin.find("Balthasar"), set())

    def test_every_stored_value_comes_back(self):
        row = next(row for row in self.rows if row["notes"])
        fields = self.member(row)["fields"]
        for field, column in (("given_name", "first_name"), ("city", "city"),
                              ("family_name", "last_name"), ("notes", "notes"),
                              ("postal_code", "zip"), ("joined", "joined"),
                              ("region", "region"), ("stage", "stage")):
            self.assertEqual(fields[field], row[column], field)
        for field in ("committees", "languages", "skills"):
            self.assertEqual(fields[field], row[field].split(";"), field)
        self.assertEqual(fields["phone"],
                         "+1" + re.sub(r"\D", "", row["phone"]))

    def test_find_has_the_shape_of_the_contract(self):
        found = self.cora.ask("find", self.rows[0]["email"])
        self.assertEqual(set(found), {"members", "more"})
        self.assertIs(found["more"], False)
        [member] = found["members"]
        self.assertEqual(set(member), {"id", "revision", "fields", "hidden"})
        self.assertRegex(member["id"], ID)
        self.assertEqual(member["revision"], 1)
        self.assertEqual(set(member["fields"]), BASIC)
        self.assertIsInstance(member["fields"]["committees"], list)
        self.assertEqual(set(member["hidden"]), CONTACT)

    def test_found_by_words_and_beginnings(self):
        row = next(row for row in self.rows if row["last_name"] == "Velázquez")
        wanted = self.member(row)["id"]
        given = row["first_name"]
        for words in (("velazquez", given), ("VELÁZQUEZ", given),
                      ("vel", given), (given, "velazq"),
                      (given + " Velázquez",)):
            self.assertIn(wanted, self.cora.find(*words), words)
        self.assertNotIn(wanted, self.cora.find("velazquez", "barnes"))

    def test_found_in_their_own_script_and_in_latin(self):
        row = next(row for row in self.rows if row["last_name"] == "王")
        wanted = self.member(row)["id"]
        self.assertIn(wanted, self.cora.find("王"))
        self.assertIn(wanted, self.cora.find("wang"))
        row = next(row for row in self.rows if row["last_name"] == "Щукин")
        wanted = self.member(row)["id"]
        self.assertIn(wanted, self.cora.find("щук"))
        self.assertIn(wanted, self.cora.find("shchukin"))

    def test_phone_is_found_in_any_spelling(self):
        row = self.rows[7]
        wanted = {self.member(row)["id"]}
        d = re.sub(r"\D", "", row["phone"])
        for spelling in (d, f"({d[:3]}) {d[3:6]}-{d[6:]}", f"+1 {d}",
                         f"{d[:3]}.{d[3:6]}.{d[6:]}", f"1-{d[:3]}-{d[3:]}",
                         f"+1{d}", f" {d} "):
            self.assertEqual(self.cora.find(spelling), wanted, spelling)
        self.assertEqual(self.cora.find(d[:3], d[3:6], d[6:]), wanted)

    def test_email_is_found_exactly(self):
        wanted = {self.member(self.rows[6])["id"]}
        self.assertEqual(self.cora.find("MEMBER7@Example.org"), wanted)
        self.assertEqual(self.cora.find("member@example.org"), set())

    def test_filters_are_exact_and_combine(self):
        housing = [row for row in self.rows
                   if "Housing" in row["committees"].split(";")]
        self.assertEqual(len(self.cora.find("--where", "committees=housing")),
                         len(housing))
        north = [row for row in housing if row["region"] == "North"]
        self.assertEqual(
            len(self.cora.find("--committees", "Housing", "--region", "north")),
            len(north))
        self.assertEqual(self.cora.find("--committees", "Hous"), set())

    def test_nobody_found_is_no_failure(self):
        self.assertEqual(self.cora.ask("find", "nobodyhasthisname"),
                         {"members": [], "more": False})

    def test_limit_leaves_more(self):
        found = self.cora.ask("find", "--region", "North", "--limit", "3")
        self.assertEqual(len(found["members"]), 3)
        self.assertIs(found["more"], True)

    def test_contact_is_shown_when_asked_for(self):
        row = self.rows[3]
        wanted = self.member(row)["id"]
        [shown] = self.cora.ask("show", wanted)["members"]
        self.assertNotIn("phone", shown["fields"])
        [shown] = self.cora.ask("show", wanted, "--field", "phone")["members"]
        self.assertEqual(set(shown["fields"]), {"phone"})
        [shown] = self.cora.ask("show", wanted, "--reveal")["members"]
        self.assertEqual(shown["hidden"], [])
        self.assertEqual(shown["fields"]["email"], row["email"])
        self.assertNotIn("stage", shown["fields"])

    def test_masks_and_plain_output_for_people(self):
        wanted = self.member(self.rows[4])["id"]
        shown = self.cora.run("show", wanted).expect(0).out.decode()
        self.assertIn(self.rows[4]["last_name"], shown)
        self.assertIn("••••••", shown)
        self.assertNotIn(self.rows[4]["email"], shown)
        self.assertNotIn("\x1b", shown)

    def test_ledger_of_a_member_says_who_looked_why_and_at_what(self):
        wanted = self.member(self.rows[5])["id"]
        self.cora.ask("show", wanted, "--field", "phone")
        [entry] = [entry for entry in self.admin.ledger_of(wanted)
                   if entry["action"] == "GET"]
        self.assertEqual(entry["actor"]["name"], "Cora Coordinator")
        self.assertEqual(entry["grant"], self.grant)
        self.assertEqual(entry["purpose"], "end-to-end test")
        self.assertEqual(entry["fields"], ["phone"])
        self.assertRegex(entry["time"], TIME)
        self.assertTrue(self.admin.ask("ledger", "verify")["verified"])

    def test_a_member_sees_their_record_and_who_looked(self):
        row = self.rows[9]
        wanted = self.member(row)["id"]
        self.cora.ask("show", wanted, "--field", "phone")
        me = self.chapter.enrol("Mem Member", "member", "--member", wanted)
        [own] = me.ask("me")["members"]
        self.assertEqual(own["id"], wanted)
        self.assertEqual(own["hidden"], [])
        self.assertEqual(own["fields"]["stage"], row["stage"])
        seen = me.ask("me", "--seen")["entries"]
        looks = [entry for entry in seen if entry["action"] == "GET" and
                 entry["actor"]["name"] == "Cora Coordinator"]
        self.assertEqual([look["fields"] for look in looks], [["phone"]])
        self.assertEqual(me.ask("find", "maria", code=5)["exit"], 5)
        me.ask("me", "edit", "pronouns=ze/hir")
        [own] = me.ask("me")["members"]
        self.assertEqual(own["fields"]["pronouns"], "ze/hir")
        error = me.ask("me", "edit", "stage=leader", code=5)
        self.assertEqual(error["reason"], "FIELD_NOT_YOURS")
        export = me.ask("me", "export")
        self.assertEqual(export["member"]["id"], wanted)
        numbers = [entry["sequence"] for entry in export["entries"]]
        self.assertEqual(numbers, list(range(len(numbers), 0, -1)))

    def test_members_are_added_changed_and_erased(self):
        made = self.admin.ask("member", "add", "given_name=Zephyrine",
                              "family_name=Quill", "committees=Housing;Labor")
        self.assertRegex(made["id"], ID)
        self.assertEqual(self.cora.find("zephyrine"), {made["id"]})
        changed = self.admin.ask("member", "edit", made["id"], "city=Bronx",
                                 "--revision", "1")
        self.assertEqual(changed["revision"], 2)
        [shown] = self.cora.ask("show", made["id"], "--reveal")["members"]
        self.assertEqual(shown["fields"]["city"], "Bronx")
        self.admin.ask("member", "erase", made["id"], "--yes")
        self.assertEqual(self.cora.find("zephyrine"), set())
        self.assertEqual(self.admin.ask("show", made["id"], code=6)["code"],
                         "NOT_FOUND")

    def test_status_names_who_what_and_until_when(self):
        status = self.cora.ask("status")
        self.assertEqual(status["self"]["name"], "Cora Coordinator")
        self.assertEqual(status["self"]["role"], "coordinator")
        [grant] = status["grants"]
        self.assertEqual(grant["id"], self.grant)
        self.assertEqual(set(grant["classes"]), {"basic", "contact"})
        self.assertRegex(grant["until"], TIME)
        [setup] = self.admin.ask("status")["grants"]
        self.assertEqual((setup["purpose"], setup["scopes"]), ("set-up", []))

    def test_lists_have_the_shape_of_the_contract(self):
        for kind, words in (("grants", ("grant", "list")),
                            ("devices", ("device", "list")),
                            ("principals", ("principal", "list")),
                            ("entries", ("ledger", "--limit", "2"))):
            listed = self.admin.ask(*words)
            self.assertEqual(set(listed), {kind, "more"}, words)
            self.assertTrue(listed[kind], words)

    def test_several_grants_need_a_choice(self):
        two = self.chapter.enrol("Two Grants")
        grants = [self.chapter.grant(two), self.chapter.grant(two)]
        error = two.ask("find", "maria", code=2)
        for grant in grants:
            self.assertIn(grant, error["hint"])
        two.ask("find", "maria", "--grant", grants[0])

    def test_completion_and_help_need_no_server(self):
        nobody = self.chapter.person("nobody")
        for shell in ("bash", "zsh", "fish"):
            printed = nobody.run("completion", shell).expect(0).out
            self.assertIn(b"roster", printed)
        self.assertIn(b"Usage", nobody.run("find", "--help").expect(0).out)


if __name__ == "__main__":
    unittest.main()
