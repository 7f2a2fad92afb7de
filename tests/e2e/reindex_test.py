"""A new index key while the directory is in use: every look-up finds everybody,
and nobody twice, while tokens of both versions are about."""

import csv
import threading
import unittest

from rotation import RotationCase

REGIONS = ("North", "Riverside", "East Bay", "Old Town", "Hill District")


class Looking:
    """Looks for whoever was found before, again and again, in a thread."""

    def __init__(self, ask, expected):
        self.ask = ask
        self.expected = expected  # words: ids, sorted
        self.rounds = 0
        self.wrong = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.loop)

    def loop(self):
        while not self.over.is_set() or self.rounds == 0:
            self.rounds += 1
            for words, ids in self.expected.items():
                found = self.ask(words)
                if found != ids:
                    self.wrong.append((words, len(ids), len(found)))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


class ReindexTest(RotationCase):
    kind = "index"
    work = "reindex"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        regions = {("--where", f"region={region}"): None for region in REGIONS}
        # People of the beginning, the middle and the end of the sweep.
        ids = sorted(cls.found_by(("--where", "region=North")))
        people = {}
        for member in (ids[0], ids[len(ids) // 2], ids[-1]):
            shown = cls.admin.ask("show", member, "--reveal")["members"][0]
            fields = shown["fields"]
            people[(fields["given_name"], fields["family_name"])] = None
            people[(fields["email"],)] = None
            people[(fields["phone"],)] = None
        cls.looks = [{words: cls.found_by(words) for words in group}
                     for group in (regions, people)]

    @classmethod
    def found_by(cls, words):
        """The ids of all found, one for each time."""
        found = cls.admin.ask("find", *words, "--limit", "10000")
        assert not found["more"], words
        return sorted(member["id"] for member in found["members"])

    def test_0_what_is_looked_for_is_everybody(self):
        regions, people = self.looks
        everybody = [member for ids in regions.values() for member in ids]
        self.assertEqual(len(everybody), len(set(everybody)))
        with open(self.chapter.folder / "roster.csv", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["region"]]
        self.assertGreaterEqual(len(everybody), len(rows) - 20)
        self.assertTrue(all(people.values()), people)

    def use(self, count):
        """Somebody comes, is found at once, is called otherwise, and goes."""
        name, other = f"Nadezhda{count}", f"Xiomara{count}"
        member = self.admin.ask("member", "add", f"given_name={name}",
                                f"email={name}@example.org")["id"]
        for word in (name, f"{name}@example.org"):
            self.assertEqual(self.found_by((word,)), [member])
        self.admin.ask("member", "edit", member, f"given_name={other}")
        self.assertEqual(self.found_by((other,)), [member])
        self.assertEqual(self.found_by((name,)), [])
        self.admin.ask("member", "erase", member, "--yes")
        self.assertEqual(self.found_by((other,)), [])
        self.assertEqual(self.found_by((f"{name}@example.org",)), [])

    def looking(self, act):
        """Does `act` while everybody is looked for."""
        regions, people = (Looking(self.found_by, group)
                           for group in self.looks)
        with regions, people:
            act()
        self.assertEqual(regions.wrong + people.wrong, [])

    def test_1_everybody_is_found_once_while_tokens_change(self):
        self.assertEqual(self.versions()[0], {1: ("ACTIVE", self.members())})
        self.looking(lambda: self.rotate(2))

    def test_2_everybody_is_found_after_a_restart(self):
        before = self.versions()
        self.restart()
        self.assertEqual(self.versions(), before)
        self.looking(lambda: self.use(0))
        self.admin.ask("ledger", "verify")

    def test_3_the_ledger_says_who_did_what(self):
        self.check_acts("index-2", "ROTATE_KEY",
                        {"ACTIVATE_KEY", "REINDEX_RECORDS", "FINISH_ROTATION"})

    def test_4_a_kill_in_the_middle_is_made_good(self):
        self.killed_in_the_middle(3)
        self.looking(lambda: self.use(1))
        self.restart()
        self.looking(lambda: self.use(2))

    def test_5_one_at_a_time(self):
        self.check_others_are_refused(4)

    def test_6_wrap_keys_are_as_they_were(self):
        status = self.admin.ask("keys", "status")
        [wrap] = [key for key in status["keys"] if key["kind"] == "wrap"]
        self.assertEqual([(key["version"], key["state"], key["records"])
                          for key in wrap["versions"]],
                         [(1, "ACTIVE", self.members())])


if __name__ == "__main__":
    unittest.main()
