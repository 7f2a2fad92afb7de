"""Who is erased stays erased, whatever the next roster knows them by."""

import unittest

from chapter import Chapter

ROSTER = """first_name,last_name,email,phone,city
Ottilie,Quill,ottilie@example.org,202-555-0111,Bronx
Casimir,Quill,casimir@example.org,202-555-0111,Bronx
Wilhelmina,Ash,wilhelmina@example.org,202-555-0122,Queens
"""


class ErasedTest(unittest.TestCase):
    def setUp(self):
        self.chapter = self.enterContext(Chapter()).start()
        self.admin = self.chapter.admin
        self.counts(ROSTER, added=3)

    def counts(self, roster, *options, **expected):
        """Pushes a roster without external ids."""
        path = self.chapter.folder / "roster.csv"
        path.write_text(roster, encoding="utf-8")
        report = self.admin.ask("roster", "push", str(path), *options)
        self.assertEqual({key: report[key] for key in expected}, expected)
        self.assertEqual(report["invalid"], [])
        return report

    def member(self, name):
        [member] = self.admin.ask("find", name)["members"]
        return member["id"]

    def test_the_erased_stay_away_and_those_who_share_with_them_do_not(self):
        self.admin.ask("member", "erase", self.member("ottilie"), "--yes")
        mina = self.chapter.enrol("Wilhelmina Ash", "member", "--member",
                                  self.member("wilhelmina"))
        mina.ask("me", "erase", "--yes")
        self.assertEqual(self.chapter.stop(), 0)
        self.chapter.serve()
        self.counts(ROSTER, "--dry-run", unchanged=1, suppressed=2)
        self.counts(ROSTER, unchanged=1, suppressed=2)
        self.counts("phone,city\n202-555-0111,Queens\n", changed=1)
        self.counts("email\nOTTILIE@example.org\n", suppressed=1)
        self.counts("first_name,email,phone\n"
                    "Baptiste,baptiste@example.org,2025550111\n", added=1)
        self.assertEqual(self.admin.find("ottilie"), set())
        self.assertEqual(self.admin.find("wilhelmina"), set())

    def test_who_joins_again_is_added_by_hand_and_then_updated(self):
        self.admin.ask("member", "erase", self.member("ottilie"), "--yes")
        self.admin.ask("member", "add", "given_name=Ottilie",
                       "email=ottilie@example.org")
        self.counts(ROSTER, changed=1, unchanged=2)
        self.counts(ROSTER, unchanged=3)


if __name__ == "__main__":
    unittest.main()
