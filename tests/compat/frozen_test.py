"""Frozen files are as they were, all vectors are frozen, and every version of a
format that the code writes has a file (README.md)."""

import hashlib
import pathlib
import re
import unittest

HERE = pathlib.Path(__file__).parent
TESTS = HERE.parent
ROOT = TESTS.parent
CODE = ("client", "crypto", "server", "text")

# A constant of a format's version: what has one names it so.
VERSION = re.compile(r"constexpr [\w:]+ (k\w*(?:Format|FileMagic|FirstLine|HeaderVersion|"
                     r"SchemaVersion))(?:\[\])?\s*=\s*\"?([^\";]*)\"?;")
# Where it stands, and the file of its first version.
FIXTURES = {
    ("client/ledger_chain.cc", "kHeaderVersion"): "vectors/ledger-chain/ok.txt",
    ("client/profile/profile_info.cc", "kFormat"): "vectors/profile/ok.txt",
    ("client/profile/remembered.cc", "kFirstLine"): "vectors/remember/ok.txt",
    ("crypto/backup_file.cc", "kFormat"): "vectors/backup/ok.txt",
    ("crypto/keyring_codec.cc", "kFormat"): "vectors/keyring/ok_key_file.txt",
    ("crypto/passphrase_box.cc", "kFormat"): "vectors/passphrase-box/ok.txt",
    ("crypto/pki/invite_lines.h", "kInviteFirstLine"): "vectors/invite/ok.txt",
    ("crypto/record_layout.h", "kRecordFormat"): "vectors/record/ok.txt",
    ("crypto/sealed_blob.cc", "kFormat"): "vectors/row/ok.txt",
    ("crypto/keyring_slots.cc", "kFormat"): "vectors/keyring/ok_key_file.txt",
    ("server/core/backup/layout.cc", "kManifestFormat"): "vectors/backup/ok.txt",
    ("server/core/tombstones/tombstone.cc", "kTombstoneFormat"): "vectors/tombstones/ok.txt",
    ("server/core/tombstones/tombstone_file.cc", "kTombstoneFileMagic"):
        "vectors/tombstones/ok.txt",
    ("server/core/ledger/entry_codec.cc", "kHeaderVersion"): "vectors/ledger-entry/ok.txt",
    ("server/core/ledger/segment.cc", "kFileMagic"): "vectors/ledger-segment/ok.txt",
    ("server/store/sqlcipher/schema.h", "kSchemaVersion"): "compat/store_v1.db",
}


def frozen():
    """Sums by path under tests/."""
    sums = {}
    for manifest in HERE.glob("frozen_v*.sha256"):
        for line in manifest.read_text(encoding="utf-8").splitlines():
            digest, path = line.split("  ", 1)
            sums[path] = digest
    return sums


def versions():
    """(file, constant) and the number of each format in the code."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                for name, value in VERSION.findall(path.read_text(encoding="utf-8")):
                    number = re.search(r"(\d+)$", value)
                    yield (str(path.relative_to(ROOT)), name), int(number[1])


def of_version(path, number):
    """The name under which README.md wants version `number` of a fixture."""
    if number == 1:
        return path
    if "_v1" in path:
        return path.replace("_v1", f"_v{number}")
    return path.replace(".txt", f"_v{number}.txt")


class FrozenTest(unittest.TestCase):
    def test_frozen_files_are_as_they_were(self):
        sums = frozen()
        self.assertGreater(len(sums), 200)
        for path, digest in sums.items():
            with self.subTest(path):
                data = (TESTS / path).read_bytes()
                self.assertEqual(hashlib.sha256(data).hexdigest(), digest)

    def test_every_vector_is_frozen(self):
        vectors = {str(path.relative_to(TESTS)) for path in TESTS.glob("vectors/*/*.txt")}
        self.assertEqual(vectors - frozen().keys(), set())

    def test_every_version_in_the_code_has_a_frozen_file(self):
        found = dict(versions())
        self.assertEqual(found.keys(), FIXTURES.keys())
        sums = frozen()
        for place, number in found.items():
            for version in range(1, number + 1):
                with self.subTest(place=place, version=version):
                    self.assertIn(of_version(FIXTURES[place], version), sums)


if __name__ == "__main__":
    unittest.main()
