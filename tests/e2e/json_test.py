"""What --json prints is what docs/json says: every command of both programs
runs, and all that it prints is validated."""

import collections
import copy
import json
import pathlib
import unittest

from jsonschema import Draft202012Validator

from chapter import Chapter, sample_roster
from command_tree_test import commands

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs" / "json"
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8"))
           for path in FOLDER.glob("*.json")}
NOBODY = "a" * 26

ROSTER = """external_id,first_name,last_name,email,committees,phone,caucus
J1,Maria,Gonzalez,maria@example.org,Housing;Labor,202-555-0101,left
J2,小明,王,wang@example.org,Housing,,
J3,지우,김,,Labor,,
J4,ليلى,حداد,,Housing;Labor;Arts,,
J5,Nguyễn,Hương,,,,
J6,Ольга,Щукина,,Labor,,
J7,👩‍👩‍👧 Kim,"O""Hara\\",,Housing,,
J8,Balthasar,Short,,,12,
"""

# What one command printed, or how it was refused.
Output = collections.namedtuple("Output", "name words document")


def name_of(program, path):
    return "-".join((program, *path))


def daemon_commands(chapter):
    """The names of sodalityd's commands, as its help lists them."""
    said = chapter.daemon("--help").expect(0).out.decode()
    listed = said[said.index("Subcommands:"):].splitlines()[1:]
    return [(line.split()[0],) for line in listed if line.strip()]


class Recorder:
    """Runs commands with --json and keeps what they print."""

    def __init__(self, chapter):
        self.chapter = chapter
        self.outputs = []
        self.paths = {"sodality": list(commands())[1:],
                      "sodalityd": daemon_commands(chapter)}

    def keep(self, program, words, document):
        path = max((path for path in self.paths[program]
                    if tuple(words[:len(path)]) == path), key=len)
        self.outputs.append(Output(name_of(program, path), words, document))
        return document

    def ask(self, person, *words, code=0):
        """One line on standard output, by `sodality WORD...`."""
        done = person.run("--json", *words).expect(code)
        return self.keep("sodality", words, self.line(done))

    def daemon(self, *words, code=0):
        """The same by `sodalityd WORD...`."""
        done = self.chapter.daemon("--json", *words).expect(code)
        return self.keep("sodalityd", words, self.line(done))

    def refused(self, run, *words):
        done = run("--json", *words)
        assert done.code not in (0, 9) and not done.out, str(done)
        line = done.err.decode().splitlines()[-1]
        self.outputs.append(Output("error", words, json.loads(line)))
        return self.outputs[-1].document["error"]

    @staticmethod
    def line(done):
        assert done.out.count(b"\n") == 1 and done.out[-1:] == b"\n", str(done)
        return json.loads(done.out)


class Story:
    """Every command at work in one chapter."""

    def __init__(self, chapter):
        self.chapter = chapter
        self.recorder = Recorder(chapter)
        self.data = ("--data", str(chapter.data))
        self.key = ("--root-key", str(chapter.root_key))

    def tell(self):
        self.found()
        self.members()
        self.grants()
        self.own_record()
        self.access()
        self.ledger()
        self.keys()
        self.approvals()
        self.shares()
        self.refusals()
        self.operate()
        return self.recorder

    def admin(self, *words, code=0):
        return self.recorder.ask(self.chapter.admin, *words, code=code)

    def found(self):
        """A new chapter, and its first admin."""
        chapter, invite = self.chapter, self.chapter.folder / "admin.invite"
        self.recorder.daemon(
            "init", *self.data, *self.key, "--chapter", "Verein «Süd» 南",
            "--listen", "127.0.0.1:7843", "--admin", "Ada Admin",
            "--invite-out", str(invite))
        self.serve()
        chapter.admin = chapter.person("Ada Admin")
        self.admin("join", str(invite), "--server", chapter.address)
        for shell in ("bash", "zsh", "fish"):
            self.admin("completion", shell)
        self.admin("version")
        self.recorder.daemon("version")

    def serve(self, *custody):
        self.chapter.serve(*(custody or self.key))
        self.recorder.keep("sodalityd", ("serve",), self.chapter.ready)

    def members(self):
        """Members in many scripts come, are found, change and go."""
        self.admin("find", "nobody")
        roster = self.chapter.folder / "many.csv"
        roster.write_text(ROSTER, encoding="utf-8")
        for option in (("--dry-run",), ()):
            self.admin("roster", "push", str(roster), *option, code=9)
        roster.write_text(ROSTER.splitlines()[0] + "\n", encoding="utf-8")
        self.admin("roster", "push", str(roster))
        self.admin("find", "--limit", "2", "--committees", "Housing")
        self.admin("find", "--committees", "Labor", "--reveal")
        for word in ("王", "김", "حداد", "щукина", "kim", "hương"):
            self.admin("find", word)
        added = self.admin("member", "add", "given_name=Ōtani",
                           "notes=𝔸\n\"b\"")
        self.admin("show", added["id"], "--reveal")
        self.admin("member", "edit", added["id"], "family_name=शर्मा", "notes=")
        self.admin("show", added["id"])
        self.admin("member", "erase", added["id"], "--yes")

    def grants(self):
        """A coordinator with no grant, with some, and with none again."""
        cora = self.cora = self.chapter.person("Cora 코라")
        self.admin("grant", "list", "--ending", "1s")
        invite = self.invite(cora.name, "coordinator")
        self.recorder.ask(cora, "join", str(invite), "--server",
                          self.chapter.address)
        self.recorder.ask(cora, "status")
        words = ("grant", "add", "--to", cora.name, "--role", "coordinator",
                 "--purpose", "Téléphone 電話", "--until", "14d")
        plain = self.admin(*words, "--class", "basic", "contact", "sensitive")
        self.recorder.ask(cora, "status")
        self.admin("grant", "revoke", plain["id"])
        self.admin(*words, "--class", "basic", "--scope", "committees=Housing",
                   "--budget", "1/h,2/d,3")
        self.admin("grant", "list")
        self.recorder.ask(cora, "status")
        self.admin("status")

    def invite(self, name, role, *options):
        invite = self.chapter.folder / f"{len(self.recorder.outputs)}.invite"
        self.admin("invite", name, "--role", role, "--out", str(invite),
                   *options)
        return invite

    def own_record(self):
        """A member looks at what is held about them, and ends it."""
        [maria] = self.admin("find", "maria")["members"]
        invite = self.invite("Maria Gonzalez", "member", "--member",
                             maria["id"])
        person = self.chapter.person("Maria Gonzalez")
        for words in (("join", str(invite), "--server", self.chapter.address),
                      ("status",), ("me",), ("me", "--seen"),
                      ("me", "edit", "pronouns=she/her"), ("me", "export"),
                      ("me", "erase", "--yes")):
            self.recorder.ask(person, *words)

    def access(self):
        self.admin("principal", "list")
        for lift in ((), ("--lift",)):
            self.admin("principal", "suspend", self.cora.name, *lift)
        self.recorder.ask(self.cora, "device", "renew")
        devices = self.admin("device", "list")["devices"]
        [device] = [device["id"] for device in devices
                    if device["principal"]["name"] == self.cora.name]
        self.budget_exhausted()
        self.admin("device", "revoke", device)
        self.admin("device", "list")

    def budget_exhausted(self):
        self.recorder.ask(self.cora, "find", "王")
        error = self.recorder.refused(self.cora.run, "find", "kim")
        assert error["exit"] == 11, error

    def ledger(self):
        [ming] = self.admin("find", "王")["members"]
        self.admin("ledger", "--since", "2100-01-01")
        self.admin("ledger", "--limit", "3")
        self.admin("ledger", "--limit", "1000")
        self.admin("ledger", "--member", ming["id"])
        self.admin("ledger", "verify")

    def keys(self):
        """Rotations, until one was seen at work; with many, soon."""
        many = sample_roster(self.chapter.folder / "sample.csv", 3000)
        self.admin("roster", "push", str(many))
        self.admin("keys", "status")
        self.admin("keys", "rotate", "wrap", "--wait")
        self.admin("keys", "rotate", "index", "--wait")
        self.admin("keys", "rotate", "root", "--wait")
        self.admin("keys", "reencrypt", "--wait")
        for _ in range(20):
            self.admin("keys", "rotate", "wrap")
            running = seen = self.admin("keys", "status")["rotation"]
            while running:
                running = self.admin("keys", "status")["rotation"]
            if seen:
                return
        raise AssertionError("no rotation was seen at work")

    def approvals(self):
        """By the only admin, who has to wait: proposed, and refused."""
        [wrap] = [key for key in self.admin("keys", "status")["keys"]
                  if key["kind"] == "wrap"]
        below = max(one["version"] for one in wrap["versions"])
        act = self.admin("keys", "trim", "wrap", "--below", str(below), "--yes",
                         code=12)["id"]
        self.admin("approval", "approve", act, "--yes", code=12)
        self.admin("approval", "list")
        self.admin("approval", "refuse", act, "--yes")
        self.admin("approval", "list")

    def shares(self):
        """A second chapter, whose root key two of three people open."""
        with Chapter() as shared:
            folder = shared.folder / "shares"
            shared.init("--shares", 3, "--threshold", 2, "--shares-out", folder)
            first, second, _ = sorted(folder.iterdir())
            shared.serve_sealed()
            data = ("--data", str(shared.data))
            self.admin("keys", "shares", "verify", str(first))
            self.recorder.daemon("unseal", *data, str(first))
            self.recorder.refused(self.chapter.daemon, "unseal", *data, str(first))
            self.recorder.daemon("unseal", *data, str(second))

    def refusals(self):
        """At least one with each part that an error may have."""
        run = self.chapter.admin.run
        self.recorder.refused(run, "show", NOBODY)
        self.recorder.refused(run, "find", "--where", "comittees=Housing")
        self.recorder.refused(run, "member", "add", "phone=12")
        self.recorder.refused(run, "show", "a\x1b\"\\")
        self.recorder.refused(run, "no-such-command")
        self.recorder.refused(self.cora.run, "status")
        self.recorder.refused(self.chapter.daemon, "no-such-command")
        self.recorder.refused(self.chapter.daemon, "doctor", *self.data)

    def operate(self):
        """What is done at the server's side, the server being up and down."""
        self.recorder.daemon("seal", *self.data)
        self.recorder.refused(self.chapter.admin.run, "status")
        self.recorder.daemon("unseal", *self.data, *self.key)
        self.back_up()
        self.chapter.stop()
        self.recorder.refused(self.chapter.admin.run, "status")
        self.recorder.daemon("doctor", *self.data)
        self.recorder.daemon("doctor", *self.data, *self.key)
        self.chapter.data.chmod(0o777)
        self.recorder.daemon("doctor", *self.data, code=1)
        self.chapter.data.chmod(0o700)
        self.serve("--sealed")

    def back_up(self):
        """A backup, verified and restored beside the folder in use."""
        folder = self.chapter.folder
        backup = str(folder / "backup")
        restored = ("restore", backup, "--data", str(folder / "restored"))
        self.admin("backup", backup)
        self.recorder.refused(self.chapter.daemon, *restored, *self.key)
        self.recorder.daemon(*restored, *self.key, "--verify-only")
        self.recorder.daemon(*restored, *self.key, "--admin", "Noor Sample",
                             "--invite-out", str(folder / "noor.first"))


def nodes(document, place=()):
    """The way to each value in a document, itself included."""
    yield place
    inside = document
    for step in place:
        inside = inside[step]
    steps = (inside if isinstance(inside, dict) else
             range(len(inside)) if isinstance(inside, list) else ())
    for step in steps:
        yield from nodes(document, (*place, step))


def changed(document, place, change):
    """A copy in which `change` was done to the value at `place`."""
    around = [copy.deepcopy(document)]
    inside = around
    for step in (0, *place[:-1]):
        inside = inside[step]
    if place:
        inside[place[-1]] = change(inside[place[-1]])
        return around[0]
    return change(inside)


def other_type(value):
    return 7 if isinstance(value, (str, dict, list)) else [value]


class JsonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Chapter() as chapter:
            cls.recorder = Story(chapter).tell()
            cls.groups = cls.run_groups(chapter)
        cls.outputs = cls.recorder.outputs
        cls.validators = {name: Draft202012Validator(schema)
                          for name, schema in SCHEMAS.items()}

    @classmethod
    def run_groups(cls, chapter):
        """The commands of the tree that need another word after them."""
        person = chapter.person("nobody")
        paths = cls.recorder.paths["sodality"]
        inner = {path[:-1] for path in paths if len(path) > 1}
        groups = [path for path in sorted(inner)
                  if name_of("sodality", path) not in SCHEMAS]
        for path in groups:
            error = cls.recorder.refused(person.run, *path)
            assert error["exit"] == 2, (path, error)
        return {name_of("sodality", path) for path in groups}

    def valid(self, name, document):
        return self.validators[name].is_valid(document)

    def test_schemas_are_schemas_and_closed(self):
        for name, schema in SCHEMAS.items():
            with self.subTest(schema=name):
                Draft202012Validator.check_schema(schema)
                for place in nodes(schema):
                    part = schema
                    for step in place:
                        part = part[step]
                    if isinstance(part, dict) and part.get("type") == "object":
                        self.assertIs(part.get("additionalProperties"), False)

    def test_one_name_has_one_definition(self):
        first = {}
        for name, schema in SCHEMAS.items():
            for key, definition in schema.get("$defs", {}).items():
                with self.subTest(schema=name, definition=key):
                    self.assertEqual(definition,
                                     first.setdefault(key, definition))

    def test_every_command_has_a_schema_and_every_schema_a_command(self):
        tree = {name_of(program, path)
                for program, paths in self.recorder.paths.items()
                for path in paths}
        self.assertGreater(len(tree), 35)
        self.assertEqual(tree - self.groups, set(SCHEMAS) - {"error"})

    def test_every_command_was_run(self):
        self.assertEqual({output.name for output in self.outputs},
                         set(SCHEMAS))

    def test_every_output_is_valid(self):
        for output in self.outputs:
            with self.subTest(words=output.words):
                for error in self.validators[output.name].iter_errors(
                        output.document):
                    self.fail(f"{error.json_path}: {error.message}\n"
                              f"{json.dumps(output.document)[:2000]}")

    def test_an_added_key_or_another_type_is_invalid(self):
        """The schemas bind every value that was printed."""
        for output in self.outputs:
            document = output.document
            for place in nodes(document):
                with self.subTest(words=output.words, place=place):
                    self.assertFalse(self.valid(
                        output.name, changed(document, place, other_type)))
                    wider = changed(document, place, lambda value: (
                        value | {"not documented": 1}
                        if isinstance(value, dict) else value))
                    if wider != document:
                        self.assertFalse(self.valid(output.name, wider))

    def test_every_property_was_printed(self):
        """No schema promises what nothing prints."""
        for name, schema in SCHEMAS.items():
            keys = {step for output in self.outputs if output.name == name
                    for place in nodes(output.document) for step in place}
            for place in nodes(schema):
                if len(place) > 1 and place[-2] == "properties":
                    with self.subTest(schema=name, property=place[-1]):
                        self.assertIn(place[-1], keys)

    def test_the_story_has_what_it_is_there_for(self):
        documents = json.dumps([output.document for output in self.outputs],
                               ensure_ascii=False)
        for text in ("王", "김", "حداد", "👩‍👩‍👧", "शर्मा", "Hương",
                     '"more": true', '"health": "note"', '"health": "bad"'):
            self.assertTrue(text in documents, text)
        for kind in ("members", "grants", "entries"):
            self.assertIn({kind: [], "more": False},
                          [output.document for output in self.outputs])


if __name__ == "__main__":
    unittest.main()
