"""What a core of a process would hold, from its live memory (proc(5))."""

from scanner import EMPTY, spellings


def needles(markers):
    """(name, bytes) of each spelling, in the encodings that programs keep."""
    return [(name, spelling.encode(encoding))
            for name, texts in markers.items() for text in texts
            for spelling in spellings(text)
            for encoding in ("utf-8", "utf-16-le")]


def writable(pid):
    """All that the process may write to, its guarded pages' content too; None
    where the system does not let us look."""
    try:
        with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
                open(f"/proc/{pid}/mem", "rb") as mem:
            return b"\0".join(_at(mem, place) for place in _places(maps))
    except PermissionError:
        return None


def found(pid, wanted):
    """The names among needles() that lie in what the process may write to; None
    where the system does not let us look."""
    data = writable(pid)
    if data is None:
        return None
    return {name for name, needle in wanted if needle in data}


def _places(maps):
    for line in maps:
        place, access, *_, name = line.split(maxsplit=5)
        if access.startswith("rw") and not name.startswith("[v"):
            yield place


def _at(mem, place):
    begin, end = (int(text, 16) for text in place.split("-"))
    try:
        mem.seek(begin)
        return EMPTY.sub(b"\0", mem.read(end - begin))
    except OSError:  # A guarded page, or gone since.
        return b""
