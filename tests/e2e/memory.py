"""What a core of a process would hold, from its live memory (proc(5))."""

from scanner import EMPTY, spellings


def needles(markers):
    """(name, bytes) of each spelling, in the encodings that programs keep."""
    return [(name, spelling.encode(encoding))
            for name, texts in markers.items() for text in texts
            for spelling in spellings(text)
            for encoding in ("utf-8", "utf-16-le")]


def found(pid, wanted):
    """The names among needles() that lie in what the process may write to; None
    where the system does not let us look."""
    names = set()
    try:
        with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
                open(f"/proc/{pid}/mem", "rb") as mem:
            for line in maps:
                place, access, *_, name = line.split(maxsplit=5)
                if access.startswith("rw") and not name.startswith("[v"):
                    names |= _found_at(mem, place, wanted)
    except PermissionError:
        return None
    return names


def _found_at(mem, place, wanted):
    begin, end = (int(text, 16) for text in place.split("-"))
    try:
        mem.seek(begin)
        data = EMPTY.sub(b"\0", mem.read(end - begin))
    except OSError:  # A guarded page, or gone since.
        return set()
    return {name for name, needle in wanted if needle in data}
