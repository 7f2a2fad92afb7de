"""Everybody is found who should be, and nobody else: against an oracle.

CI asks a sample of the questions. SODALITY_E2E_ALL=1 asks all of them;
SODALITY_ROSTER=FILE takes another roster than the generated one.
"""

import concurrent.futures
import os
import random
import unittest

from chapter import Chapter, sample_roster
from oracle import Oracle, digits, is_latin, unaccented

SEED = int(os.environ.get("SODALITY_E2E_SEED", "20261126"))
ALL = bool(os.environ.get("SODALITY_E2E_ALL"))
SAMPLE = 50


class SearchOracleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        chapter = cls.enterClassContext(Chapter()).start()
        path = (os.environ.get("SODALITY_ROSTER") or
                sample_roster(chapter.folder / "roster.csv"))
        cls.oracle = Oracle(path)
        cls.admin = chapter.admin
        report = cls.admin.ask("roster", "push", str(path))
        assert report["added"] == len(cls.oracle.rows), report
        cls.keys = cls.all_members()
        assert set(cls.keys.values()) == set(cls.oracle.forms), "other members"
        print(f"{len(cls.keys)} members, seed {SEED}", flush=True)

    @classmethod
    def all_members(cls):
        """External ids by id, asked for region by region."""
        keys = {}
        for region in sorted({row["region"] for row in cls.oracle.rows}):
            found = cls.admin.ask("find", "--region", region, "--limit",
                                  "10000", "--reveal")
            for member in found["members"]:
                keys[member["id"]] = member["fields"]["external_id"]
        return keys

    def ask_all(self, questions, expected, among=None):
        """Asks `questions`, two at a time; `among` leaves members out."""
        questions = sorted(questions)
        if not ALL and len(questions) > SAMPLE:
            questions = random.Random(SEED).sample(questions, SAMPLE)
        self.assertTrue(questions)
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            answers = pool.map(lambda words: self.admin.find(words), questions)
            for question, found in zip(questions, answers):
                found = {self.keys[member] for member in found}
                wanted = expected(question)
                if among is not None:
                    found, wanted = found & among, wanted & among
                self.assertEqual(found, wanted, question)
                self.assertTrue(wanted, question)

    def test_by_phone(self):
        phones = {row["phone"] for row in self.oracle.rows if row["phone"]}
        self.ask_all(phones, self.oracle.by_phone)

    def test_by_phone_in_another_spelling(self):
        phones = {"+1 " + digits(row["phone"]) for row in self.oracle.rows
                  if row["phone"]}
        self.ask_all(phones, self.oracle.by_phone)

    def test_by_full_name(self):
        names = self.oracle.full_names()
        native = {name for name in names if not is_latin(name)}
        self.ask_all(names - native, self.oracle.by_name, self.oracle.latin)
        if native:
            self.ask_all(native, self.oracle.by_name)

    def test_by_unaccented_name(self):
        names = {unaccented(name) for name in self.oracle.full_names()
                 if is_latin(name)}
        self.ask_all(names, self.oracle.by_name, self.oracle.latin)

    def test_by_three_letters(self):
        self.ask_all(self.oracle.latin_prefixes(), self.oracle.by_name,
                     self.oracle.latin)


if __name__ == "__main__":
    unittest.main()
