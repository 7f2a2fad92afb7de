"""What every refusal has in common, with --json and without."""

import re

ERROR = re.compile(r"(sodalityd?): error: (\S.*[^.])\n"
                   r"(?:\1: hint: (\S.*)\n)?\Z")


def check_refusal(test, code, run, *words):
    """Runs WORD... twice: `code`, nothing on standard output, an error in the
    form asked for. Returns the error object."""
    plain, json = run(*words), run("--json", *words)
    for result in (plain, json):
        test.assertEqual(result.code, code, str(result))
        test.assertEqual(result.out, b"", str(result))
    said = ERROR.match(plain.err.decode())
    test.assertIsNotNone(said, str(plain))
    error = json.error
    test.assertEqual(error["exit"], code)
    test.assertRegex(error["code"], r"^[A-Z_]+\Z")
    test.assertEqual(len(json.err.splitlines()), 1, str(json))
    test.assertEqual(said[2], error["message"])
    # Scripts go by the reason; sodalityd has its codes, and says what to do.
    needed = "reason" if said[1] == "sodality" else "hint"
    test.assertTrue(error.get(needed), f"no {needed}: {plain}")
    return error
