"""Which names are made in a folder, however short their life (inotify(7))."""

import ctypes
import os
import struct

_CREATE, _MOVED_TO = 0x100, 0x80
_EVENT = struct.Struct("iIII")


class Watch:
    """A context manager: begins to watch `folder`, not what is below it."""

    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self._file = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        watch = libc.inotify_add_watch(self._file, os.fsencode(folder),
                                       _CREATE | _MOVED_TO)
        if self._file < 0 or watch < 0:
            raise OSError(ctypes.get_errno(), "inotify", str(folder))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._file)

    def made(self):
        """Names of what was made since the last time."""
        names = set()
        while True:
            try:
                events = os.read(self._file, 1 << 16)
            except BlockingIOError:
                return names
            while events:
                _, _, _, size = _EVENT.unpack_from(events)
                name = events[_EVENT.size:_EVENT.size + size]
                names.add(name.rstrip(b"\0").decode())
                events = events[_EVENT.size + size:]
