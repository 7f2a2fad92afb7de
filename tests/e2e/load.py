"""People who push, write and read while the server is killed under them, each
noting what the server has acknowledged or shown."""

import collections
import csv
import threading

ROWS = 400


class Worker(threading.Thread):
    """Does `step` again and again until told to end."""

    def __init__(self, person):
        super().__init__()
        self.person = person
        self.steps = 0
        self.unexpected = []
        self._end = threading.Event()
        self._failure = None

    def step(self):
        raise NotImplementedError

    def ask(self, *words):
        """What a command printed; None when the server was not there."""
        result = self.person.run("--json", *words)
        if result.code == 0:
            return result.json
        if result.code != 8:
            self.unexpected.append(str(result))
        return None

    def run(self):
        try:
            while not self._end.is_set():
                self.step()
                self.steps += 1
        except Exception as failure:  # Raised again where it is looked at.
            self._failure = failure

    def tell_to_end(self):
        self._end.set()

    def await_end(self):
        self.join()
        if self._failure:
            raise self._failure


class Pusher(Worker):
    """Rosters of new people, each in a region of its own."""

    def __init__(self, person, folder, label):
        super().__init__(person)
        self._folder = folder
        self._label = label
        self.acknowledged = []  # Regions.
        self.uncertain = []  # (region, file): refused, cut off or unheard.

    def step(self):
        region = f"{self._label} {self.steps}"
        path = self._folder / f"push {region}.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("external_id", "first_name", "region"))
            writer.writerows((f"{region}/{i}", f"Pushed{i}", region)
                             for i in range(ROWS))
        report = self.ask("roster", "push", str(path))
        if report is None:
            self.uncertain.append((region, path))
        else:
            assert report["added"] == ROWS, report
            self.acknowledged.append(region)


class Writer(Worker):
    """New members, and edit after edit of one of them."""

    def __init__(self, person, label):
        super().__init__(person)
        self._label = label
        self._edited = None
        self.acknowledged = {}  # Member id -> (revision, fields).
        self.uncertain = []  # External ids.
        self.may_be = {}  # Member id -> the city of an edit without answer.

    def step(self):
        if self._edited is None or self.steps % 4 == 0:
            self._add(f"{self._label}-{self.steps}")
        else:
            self._edit(f"City {self.steps}")

    def _add(self, key):
        made = self.ask("member", "add", "given_name=Written",
                        "external_id=" + key)
        if made is None:
            self.uncertain.append(key)
            return
        fields = {"given_name": "Written", "external_id": key}
        self.acknowledged[made["id"]] = (made["revision"], fields)
        self._edited = made["id"]

    def _edit(self, city):
        member = self._edited
        revision, fields = self.acknowledged[member]
        made = self.ask("member", "edit", member, "city=" + city,
                        "--revision", str(revision))
        if made is None:
            self.may_be[member] = city
            self._edited = None
            return
        assert made["revision"] == revision + 1, made
        self.acknowledged[member] = (made["revision"], fields | {"city": city})


class Reader(Worker):
    """Looks at the same few members, one way and the other."""

    def __init__(self, person, targets):
        super().__init__(person)
        self._targets = list(targets.items())  # Of e-mail -> member id.
        self.received = collections.Counter()  # (member, action, fields)

    def step(self):
        email, member = self._targets[self.steps % len(self._targets)]
        if self.steps % 2:
            self._note("SEARCH", self.ask("find", email, "--reveal"))
        else:
            self._note("GET", self.ask("show", member, "--field", "email",
                                       "--field", "phone"))

    def _note(self, action, answer):
        for member in answer["members"] if answer else []:
            self.received[member["id"], action,
                          frozenset(member["fields"])] += 1
