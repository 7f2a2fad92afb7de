"""docs/errors.md has every reason that the sources can give, with its codes,
and none that they cannot."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ERRORS = (ROOT / "docs/errors.md").read_text()
SERVER_PART, CLIENT_PART = ERRORS.split("\n## Said by the client\n")
UPPER = r"[A-Z][A-Z_]+"


def upper_snake(camel):
    """INVALID_VALUE for InvalidValue."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel).upper()


def sources(folder):
    for path in sorted((ROOT / folder).rglob("*.cc")):
        yield path.read_text()


def reasons_of_the_server():
    header = (ROOT / "server/core/error.h").read_text()
    body = re.search(r"enum class Reason \{(.*?)\};", header, re.S)[1]
    names = re.findall(r"^  k(\w+),", body, re.M)
    return {upper_snake(name) for name in names} - {"NONE"}


def documented_by_the_server():
    """Pairs of reason and code."""
    return re.findall(rf"^\| `({UPPER})` \| `({UPPER})` \|", SERVER_PART, re.M)


def reasons_of_the_client():
    made = re.compile(rf'(?:\.reason = |kNotTheServer\[\] = |'
                      rf'\\"reason\\":\\)"({UPPER})')
    return {reason for text in sources("client")
            for reason in made.findall(text)}


def documented_by_the_client():
    rows = re.findall(r"^\| (`.*?`) \| ", CLIENT_PART, re.M)
    return {reason for row in rows for reason in re.findall(UPPER, row)}


def codes_given():
    """Pairs of reason and code as MakeError is called with them."""
    call = re.compile(r"MakeError\(\s*absl::StatusCode::k(\w+),[^;]*?"
                      r"Reason::k(\w+)")
    return {(upper_snake(reason), upper_snake(code))
            for text in sources("server") for code, reason in call.findall(text)}


class ErrorReasonsTest(unittest.TestCase):
    def test_every_reason_of_the_server_is_documented_once(self):
        documented = [reason for reason, _ in documented_by_the_server()]
        self.assertGreater(len(documented), 25)
        self.assertCountEqual(documented, reasons_of_the_server())

    def test_every_reason_of_the_client_is_documented(self):
        self.assertGreater(len(reasons_of_the_client()), 15)
        self.assertEqual(documented_by_the_client(), reasons_of_the_client())

    def test_reasons_come_with_the_code_that_is_documented(self):
        given = codes_given()
        self.assertGreater(len(given), 15)
        self.assertEqual(given - set(documented_by_the_server()), set())

    def test_every_code_has_its_row(self):
        codes = set(re.findall(rf"^\| `({UPPER})` \| [a-z]", SERVER_PART, re.M))
        self.assertEqual({code for _, code in documented_by_the_server()} -
                         codes, set())


if __name__ == "__main__":
    unittest.main()
