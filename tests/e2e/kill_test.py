"""kill -9 of the server at work loses nothing that anybody was told.

Half of the kills come while a commit is being written. SODALITY_E2E_KILLS says
how many there are, SODALITY_E2E_SEED repeats their delays.
"""

import collections
import os
import random
import time
import unittest

from chapter import PATIENCE, Chapter, sample_roster
from load import ROWS, Pusher, Reader, Writer

KILLS = int(os.environ.get("SODALITY_E2E_KILLS", "8"))
SEED = int(os.environ.get("SODALITY_E2E_SEED",
                          str(random.SystemRandom().randrange(10**6))))
TARGETS = 5


class KillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = cls.enterClassContext(Chapter()).start()
        cls.admin = cls.chapter.admin
        roster = sample_roster(cls.chapter.folder / "roster.csv", TARGETS)
        cls.admin.ask("roster", "push", str(roster))
        emails = [f"member{i}@example.org" for i in range(1, TARGETS + 1)]
        cls.targets = {email: cls.admin.find(email).pop() for email in emails}
        cls.reader = cls.chapter.enrol("Rita Reader")
        cls.chapter.grant(cls.reader, classes=("basic", "contact", "sensitive"))
        cls.random = random.Random(SEED)
        cls.received = collections.Counter()
        cls.regions = []
        print(f"{KILLS} kills, SODALITY_E2E_SEED={SEED}", flush=True)

    def test_nothing_acknowledged_is_lost(self):
        for number in range(KILLS):
            print(f"kill {number}", flush=True)
            self.kill_under_load(number)
        for region in self.regions:
            self.assertEqual(len(self.admin.find("--region", region)), ROWS)
        self.assertEqual(self.chapter.stop(), 0)
        self.chapter.daemon("doctor", "--data", self.chapter.data, "--root-key",
                            self.chapter.root_key).expect(0)

    def kill_under_load(self, number):
        pusher = Pusher(self.admin, self.chapter.folder, f"Kill {number}")
        writer = Writer(self.admin, f"W{number}")
        readers = [Reader(self.reader, self.targets) for _ in range(2)]
        workers = [pusher, writer, *readers]
        for worker in workers:
            worker.start()
        try:
            self.await_moment(workers, mid_commit=number % 2 == 0)
        finally:
            for worker in workers:
                worker.tell_to_end()
            self.chapter.kill()
            # Who is still asking goes on with the new server.
            self.chapter.serve()
            for worker in workers:
                worker.await_end()
        for worker in workers:
            self.assertEqual(worker.unexpected, [])
        self.check_ledger(readers)
        self.check_pushes(pusher)
        self.check_writes(writer)

    def await_moment(self, workers, mid_commit):
        """Returns when it is time to kill."""
        give_up = time.monotonic() + PATIENCE
        while not all(worker.steps for worker in workers):
            self.assertLess(time.monotonic(), give_up, "no load")
            time.sleep(0.01)
        if not mid_commit:
            time.sleep(self.random.uniform(0, 0.3))
            return
        log = self.chapter.data / "members.db-wal"
        before = log.stat().st_mtime_ns
        while log.stat().st_mtime_ns == before:
            self.assertLess(time.monotonic(), give_up, "no commit")
        time.sleep(self.random.uniform(0, 0.004))

    def check_ledger(self, readers):
        self.assertTrue(self.admin.ask("ledger", "verify")["verified"])
        for reader in readers:
            self.assertTrue(reader.received)
            self.received += reader.received
        recorded = collections.Counter()
        for member in self.targets.values():
            entries = self.admin.ledger_of(member)
            self.assertEqual([entry["sequence"] for entry in entries],
                             list(range(len(entries), 0, -1)))
            for entry in entries:
                if entry["actor"]["name"] == self.reader.name:
                    recorded[member, entry["action"],
                             frozenset(entry["fields"])] += 1
        # Entries of answers that nobody was left to hear are more than these.
        self.assertEqual(self.received - recorded, collections.Counter())

    def check_pushes(self, pusher):
        for region in pusher.acknowledged:
            self.assertEqual(len(self.admin.find("--region", region)), ROWS)
        for region, path in pusher.uncertain:
            again = self.admin.ask("roster", "push", str(path))
            self.assertEqual(again["added"] + again["unchanged"], ROWS, again)
            self.assertEqual(len(self.admin.find("--region", region)), ROWS)
            self.regions.append(region)
        self.regions += pusher.acknowledged

    def check_writes(self, writer):
        for member, (revision, fields) in writer.acknowledged.items():
            [shown] = self.admin.ask("show", member, "--reveal")["members"]
            if shown["revision"] != revision:
                self.assertEqual(shown["revision"], revision + 1)
                fields = fields | {"city": writer.may_be[member]}
            self.assertEqual(shown["fields"], fields)
        for key in writer.uncertain:
            found = self.admin.find("--where", "external_id=" + key)
            self.assertLessEqual(len(found), 1)


if __name__ == "__main__":
    unittest.main()
