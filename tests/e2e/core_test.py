"""What somebody learns who gets a core of the server, or all of its memory.

Its core, which takes root's gcore since the process writes none: no value of a
member, and of keys those alone that other people's libraries hold. All of its
memory, guarded pages too: the keyring's keys while it is unsealed, and nothing at
all when it has been sealed.
"""

import os
import subprocess
import time
import unittest

import memory
from canary_test import LATIN, LIVE, SOON, Canary, markers
from chapter import PATIENCE, WIPING_HEAP
from scanner import EMPTY

# As long as it is unsealed. The root key is needed but once, a member's own keys
# as long as a call looks at the member.
KEYRING = {"page", "wrap", "index", "state", "ledger", "ledger-sign",
           "lease", "suppression", "ca"}
# SQLCipher's copy, on the ordinary heap.
OUT_OF_OUR_HANDS = {"page"}
PIECE = 1 << 24  # bytes at a time
SCALAR = b"\x02\x01\x01\x04\x20"  # what precedes it in a PKCS #8 file


def core(pid, path):
    """A core of the process, which leaves out what it asks to have left out;
    without the runs of zeros that most of it is."""
    subprocess.run(["gcore", "-o", str(path), str(pid)], check=True,
                   timeout=PATIENCE, capture_output=True)
    path = path.with_name(f"{path.name}.{pid}")
    with open(path, "rb") as file:
        path.unlink()
        return b"".join(EMPTY.sub(b"\0", piece)
                        for piece in iter(lambda: file.read(PIECE), b""))


def secret_part(name, key):
    """Without what is public: a database's salt, a curve's name and point."""
    if name == "ca":
        begin = key.index(SCALAR) + len(SCALAR)
        return key[begin:begin + 32]
    return key[:32]


def key_needles(keys):
    """Half a key is as bad; OpenSSL keeps a scalar's words back to front."""
    for name, key in keys:
        secret = secret_part(name, key)
        for half in (secret[:16], secret[16:]):
            for shape in (half, half[::-1]):
                digits = shape.hex().encode()
                yield from ((name, shape), (name, digits),
                            (name, digits.upper()))


def held(data, needles):
    return {name for name, needle in needles if needle in data}


@unittest.skipUnless(WIPING_HEAP, "a sanitizer keeps what is freed")
class CoreTest(Canary):
    def await_forgotten(self, members):
        # The last connection's end is noticed a moment later.
        deadline = time.monotonic() + SOON
        while memory.found(self.chapter.server.pid, members) != LIVE:
            self.assertLess(time.monotonic(), deadline)

    def take(self, name):
        """A core, and all that the process may write to."""
        pid = self.chapter.server.pid
        return core(pid, self.chapter.folder / name), memory.writable(pid)

    def test_cores_hold_no_member_and_a_sealed_server_nothing(self):
        if (memory.writable(self.chapter.server.pid) is None
                and os.environ.get("CI") != "true"):
            self.skipTest("another process's memory is not for us")
        self.work()
        members = memory.needles(markers() | {
            "scope": LATIN["committees"][:1],
            "latin committees": LATIN["committees"][1:]})
        self.await_forgotten(members)
        open_core, open_memory = self.take("unsealed")
        self.chapter.daemon("seal", "--data", self.chapter.data).expect(0)
        self.chapter.await_listening()
        sealed_core, sealed_memory = self.take("sealed")
        self.assertEqual(self.chapter.stop(), 0)
        keys = list(key_needles(self.chapter.keys()))

        self.assertEqual(held(open_core, members), LIVE)
        self.assertEqual(held(open_core, keys), OUT_OF_OUR_HANDS)
        self.assertEqual(held(sealed_core, members + keys), set())
        self.assertEqual(held(sealed_memory, members + keys), set())
        # The look itself: this is where an open server has its keys.
        self.assertEqual(held(open_memory, keys), KEYRING)
        self.assertIn(b"Test Chapter", sealed_core)


if __name__ == "__main__":
    unittest.main()
