"""Clients in other languages, made from the protos by other people's gRPC, do
what ours does: enrol with an invite, search, look up on a stream, read errors.

NODE_MODULES names the folder of modules from the npm registry (tests/npm);
Python's own modules are Debian's, so that Debian's interpreter runs them.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import unittest

from chapter import PATIENCE, Chapter, sample_roster

HERE = pathlib.Path(__file__).parent
PROTO = HERE.parent.parent / "proto"
NODE_MODULES = os.environ.get("NODE_MODULES", "")
PYTHON = "/usr/bin/python3"
UNKNOWN = "a" * 26
WORD = "li"


class ForeignTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chapter = chapter = cls.enterClassContext(Chapter()).start()
        roster = sample_roster(chapter.folder / "roster.csv")
        chapter.admin.ask("roster", "push", str(roster))
        with open(roster, encoding="utf-8", newline="") as file:
            cls.emails = {row["email"] for row in csv.DictReader(file)}
        cls.generated = chapter.folder / "generated"
        cls.generated.mkdir()
        subprocess.run(
            ["protoc", f"--proto_path={PROTO}", f"--python_out={cls.generated}",
             *map(str, sorted(PROTO.glob("sodality/v1/*.proto")))],
            check=True, timeout=PATIENCE)

    def check_client(self, name, *command):
        folder = self.chapter.folder / name
        folder.mkdir()
        invite = self.chapter.invite(f"{name} Client", "coordinator")
        invite.rename(folder / "invite")
        subprocess.run(
            ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=foreign",
             "-outform", "DER", "-keyout", str(folder / "device.key"), "-out",
             str(folder / "device.csr")],
            check=True, timeout=PATIENCE, capture_output=True)
        self.assertEqual(
            self.run_client(*command, "enrol", folder),
            {"principal": f"{name} Client", "role": "coordinator"})
        self.chapter.grant(self.chapter.person(f"{name} Client"),
                           classes=("basic", "contact"))
        question = {"word": WORD, "unknown": UNKNOWN}
        self.check_answers(self.run_client(*command, "ask", folder,
                                           question=question))

    def run_client(self, *command, question=None):
        environment = {"PATH": os.environ["PATH"], "NODE_PATH": NODE_MODULES,
                       "LANG": "C.UTF-8"}
        done = subprocess.run(
            [*map(str, command), self.chapter.address], env=environment,
            input=json.dumps(question or {}).encode(), capture_output=True,
            timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def check_answers(self, answers):
        expected = {member["fields"]["email"]: member["fields"] for member in
                    self.chapter.admin.ask("find", WORD, "--reveal")["members"]}
        self.assertTrue(expected)
        self.assertLessEqual(set(expected), self.emails)
        found = {member["email"][0]: member for member in answers["members"]}
        self.assertEqual(set(found), set(expected))
        for email, member in found.items():
            self.assertEqual(member["given_name"],
                             [expected[email]["given_name"]])
            self.assertEqual(member["committees"],
                             expected[email]["committees"])
        self.assertEqual(answers["refused"],
                         {"code": "NOT_FOUND", "reason": "MEMBER_NOT_FOUND"})
        one, none, all_of_them = (answers["answers"][tag] for tag in "123")
        self.assertEqual(one, {"fields": [
            {"email": answers["members"][0]["email"]}]})
        self.assertEqual(none, {"code": "NOT_FOUND"})
        self.assertCountEqual(
            [fields["email"][0] for fields in all_of_them["fields"]], expected)

    def test_javascript(self):
        self.check_client("Node", "node", HERE / "foreign" / "client.cjs", PROTO)

    def test_python(self):
        self.check_client("Python", PYTHON, "-B", HERE / "foreign" / "client.py",
                          self.generated)


if __name__ == "__main__":
    if not pathlib.Path(NODE_MODULES, "@grpc").is_dir():
        print("no @grpc in NODE_MODULES", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    unittest.main()
