"""No value of a member lies anywhere on the server's disk in the open.

Markers stand in every field of a roster, in a coordinator's name and purpose,
and in a query. The scanner has to see each of them in the CSV, in the answers for
those who may know, or in a copy of the store opened with the root key, and none
in data, temporary files and log, nor in the server's memory afterwards.
"""

import concurrent.futures
import csv
import json
import os
import time
import unittest

import memory
from chapter import WIPING_HEAP, Chapter, sample_roster
from scanner import Scanner

# Two members; texts beside the value itself are further spellings of it.
LATIN = {
    "external_id": ["Zwolbrik-77031"],
    "first_name": ["Žabrinokulle"],
    "middle_name": ["Óstravenduin"],
    "last_name": ["Kvarðbessingen", "Kvardbessingen"],
    "nickname": ["Pimmeltroef"],
    "pronouns": ["vlim/vlomser"],
    "birthday": ["1951-03-17", "19510317", "03/17/1951", "17.03.1951"],
    "email": ["Gnoorvalik.Stremp@blauwdruk.example.org",
              "gnoorvalik", "blauwdruk"],
    "phone": ["(202) 555-0143", "+12025550143", "2025550143", "202-555-0143",
              "+1 202 555 0143", "+1 202-555-0143"],
    "street": ["417 Fribbelhoek Lane", "Fribbelhoek"],
    "city": ["Oostermondeveen"],
    "state": ["Wrexalibor"],
    "zip": ["QZ-77-KLIMP"],
    "country": ["Brandomeria"],
    "region": ["Noorderzwaluw"],
    "committees": ["Drumpelraad", "Skeffingtide"],
    "languages": ["Volapunkish"],
    "skills": ["zandkorfvlechten"],
    "needs": ["kwispelvervoer"],
    "resources": ["bakfietsgarage"],
    "stage": ["halfwassengroei"],
    "joined": ["2003-11-29", "20031129", "11/29/2003", "29.11.2003"],
    "dues": ["strabbelachter"],
    "accessibility": ["trappliftnodig"],
    "notes": ["Fluistert over dröömpjes", "dröömpjes"],
}
CYRILLIC = {
    "first_name": ["Вжорклинада", "Vzhorklinada", "Vzorklinada", "Vžorklinada"],
    "last_name": ["Щубрамова", "Shchubramova", "Subramova", "Ŝubramova",
                  "Ščubramova"],
}
COORDINATOR = "Quibberdane Mofflewick"
PURPOSE = "thrumblewine census"
QUERY = "Ploverdinxter"
# What the server knows as long as it is open: the grant's, not a member's.
LIVE = {"coordinator", "purpose", "scope"}
SOON = 20


def markers():
    """Texts to look for, by name."""
    texts = {f"latin {column}": values for column, values in LATIN.items()}
    texts |= {f"cyrillic {column}": values
              for column, values in CYRILLIC.items()}
    return texts | {"coordinator": [COORDINATOR], "purpose": [PURPOSE],
                    "query": [QUERY]}


def write_roster(path):
    lists = ("committees", "languages", "skills", "needs", "resources")
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LATIN)
        writer.writerow(";".join(values) if column in lists else values[0]
                        for column, values in LATIN.items())
        writer.writerow(CYRILLIC.get(column, [""])[0] for column in LATIN)
    return path


class Canary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = cls.enterClassContext(Chapter()).start()
        cls.scanner = Scanner(markers())
        cls.roster = write_roster(cls.chapter.folder / "canary.csv")

    def work(self):
        """Everything that handles a marker; returns what was answered."""
        chapter, admin = self.chapter, self.chapter.admin
        report = admin.ask("roster", "push", str(self.roster))
        self.assertEqual(report["added"], 2, report)
        cora = chapter.enrol(COORDINATOR)
        admin.ask("grant", "add", "--to", COORDINATOR, "--role", "coordinator",
                  "--class", "basic", "contact", "sensitive", "--purpose",
                  PURPOSE, "--until", "14d", "--scope",
                  "committees=" + LATIN["committees"][0])
        answers = []
        for words in (LATIN["first_name"], LATIN["phone"], LATIN["email"],
                      ["--where", "skills=" + LATIN["skills"][0]]):
            words = words if words[0] == "--where" else words[:1]
            found = cora.ask("find", *words)["members"]
            self.assertEqual(len(found), 1, words)
            answers.append(cora.ask("show", found[0]["id"], "--reveal"))
        answers.append(admin.ask("find", CYRILLIC["last_name"][1], "--reveal"))
        self.assertEqual(cora.find(QUERY), set())
        admin.ask("member", "edit", found[0]["id"], "notes=something else")
        return [answers, admin.ask("grant", "list")]


class DiskTest(Canary):
    def assert_clean(self):
        # One after the other: the server works on these files.
        for place in (self.chapter.data, self.chapter.tmp):
            self.assertEqual(self.scanner.in_folder(place), set())
        log = self.chapter.log.read_bytes()
        self.assertTrue(log)
        self.assertEqual(self.scanner.in_bytes(log), set())

    def bulk(self):
        """Pushes until the server is gone, for pages in all states."""
        roster = sample_roster(self.chapter.folder / "bulk.csv", 1500, 5)
        again = self.chapter.folder / "again.csv"
        with open(self.roster, encoding="utf-8") as canary:
            again.write_text(canary.read().replace(LATIN["dues"][0], "paid up"),
                             encoding="utf-8")
        codes = []
        while not codes or codes[-1] == 0:
            for name in (self.roster, again, roster):
                codes.append(self.chapter.admin.run(
                    "roster", "push", str(name)).code)
        return codes

    def test_markers_are_nowhere(self):
        answers = json.dumps(self.work(), ensure_ascii=False).encode()
        everything = set(markers())
        in_csv = self.scanner.in_bytes(self.roster.read_bytes())
        self.assertEqual(in_csv,
                         everything - {"coordinator", "purpose", "query"})
        self.assertEqual(self.scanner.in_bytes(answers),
                         everything - {"query"})
        self.assertTrue(self.scanner.in_folder(self.chapter.folder))

        self.assert_clean()
        with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
            pushing = pool.submit(self.bulk)
            while self.chapter.admin.ask("status")["server"]["members"] < 600:
                pass
            self.assert_clean()
            self.chapter.kill()
            self.assertEqual(pushing.result()[-1], 8)
        self.assert_clean()
        self.chapter.serve()
        self.chapter.admin.ask("roster", "push", str(self.roster))
        self.assert_clean()
        self.assertEqual(self.chapter.stop(), 0)
        self.assert_clean()
        self.assertEqual(self.scanner.in_bytes(self.chapter.opened_copy()),
                         everything - {"query"})
        self.chapter.serve()

    def test_refused_cells_are_not_repeated(self):
        bad = self.chapter.folder / "bad.csv"
        bad.write_text("external_id,first_name,phone,email,birthday\n"
                       "X9,Trudelfaas,Schrompelnul,Vlaggeduin,Kabbelzee\n",
                       encoding="utf-8")
        scanner = Scanner({text: [text] for text in (
            "Trudelfaas", "Schrompelnul", "Vlaggeduin", "Kabbelzee")})
        for words in ((), ("--json",)):
            result = self.chapter.admin.run("roster", "push", str(bad), *words)
            result.expect(9)
            self.assertEqual(scanner.in_bytes(result.out + result.err), set())


class MemoryTest(Canary):
    @unittest.skipUnless(WIPING_HEAP, "a sanitizer keeps what is freed")
    def test_memory_forgets_members(self):
        self.work()
        wanted = memory.needles(markers() | {
            "scope": LATIN["committees"][:1],
            "latin committees": LATIN["committees"][1:]})
        deadline = time.monotonic() + SOON
        found = set(markers())
        # The last connection's end is noticed a moment later.
        while found != LIVE and time.monotonic() < deadline:
            found = memory.found(self.chapter.server.pid, wanted)
            if found is None and os.environ.get("CI") != "true":
                self.skipTest("another process's memory is not for us")
        self.assertEqual(found, LIVE)
        self.check_sealed(wanted)

    def check_sealed(self, wanted):
        """A sealed server has begun anew: nothing of the chapter's is left."""
        key = self.chapter.root_key.read_text().strip()
        wanted = wanted + memory.needles({"root key": [key]})
        self.chapter.daemon("seal", "--data", self.chapter.data).expect(0)
        self.chapter.await_listening()
        pid = self.chapter.server.pid
        self.assertEqual(memory.found(pid, wanted), set())
        # The look itself sees what is there.
        self.assertEqual(memory.found(pid, memory.needles(
            {"name": ["Test Chapter"]})), {"name"})


if __name__ == "__main__":
    unittest.main()
