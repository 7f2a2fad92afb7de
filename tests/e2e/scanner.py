"""Looks for texts in bytes, in every disguise that a program may give them."""

import base64
import collections
import os
import re
import unicodedata

HEAD = 6  # bytes by which a place is recognised
EMPTY = re.compile(rb"\0{16,}")  # parts of files that nobody has written to


def disguises(text):
    """The byte strings as which `text` would be known."""
    found = set()
    for spelling in spellings(text):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            found |= _renderings(spelling.encode(encoding))
    return found


def spellings(text):
    """As itself, normalised, without marks, and in either case."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed
                    if not unicodedata.combining(char))
    some = {text, unicodedata.normalize("NFKC", text), decomposed, plain}
    return some | {one.lower() for one in some} | {one.upper() for one in some}


def _renderings(data):
    """As it is, in hexadecimal, and within base64 at each alignment."""
    digits = data.hex().encode()
    found = {data, digits, digits.upper()}
    for before in range(3):
        # Without the characters that the bytes around it have a part in.
        encoded = base64.b64encode(bytes(before) + data)
        begin = -(-before * 8 // 6)
        found.add(encoded[begin:(before + len(data)) * 8 // 6])
    return found | {base64_url(one) for one in found}


def base64_url(encoded):
    return encoded.replace(b"+", b"-").replace(b"/", b"_")


class Scanner:
    """Knows markers, by name and spellings (transliterations among them)."""

    def __init__(self, markers):
        self._by_head = collections.defaultdict(list)
        for name, texts in markers.items():
            for needle in set().union(*map(disguises, texts)):
                assert len(needle) >= HEAD, f"{name} is too short to look for"
                self._by_head[needle[:HEAD]].append((needle, name))

    def in_bytes(self, data):
        """The names of the markers that `data` holds."""
        data = EMPTY.sub(b"\0", data)
        heads = self._by_head
        # One pass however many needles there are: this takes the test's time.
        hits = [i for i in range(len(data)) if data[i:i + HEAD] in heads]
        return {name for i in hits for needle, name in heads[data[i:i + HEAD]]
                if data.startswith(needle, i)}

    def in_folder(self, folder):
        """(path, name) of each marker in a file, or in its name."""
        found = set()
        for parent, folders, files in os.walk(folder):
            for path in (os.path.join(parent, file) for file in files):
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        found |= {(path, name)
                                  for name in self.in_bytes(file.read())}
            names = "\n".join(folders + files).encode()
            found |= {(parent, name) for name in self.in_bytes(names)}
        return found
