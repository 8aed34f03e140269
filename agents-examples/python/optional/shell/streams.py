"""The output of a job, in files of a bounded size: NAME.0, NAME.1 and so on, all of one size but the last.

The first and the last two are kept. So an offset means the same byte for ever, and what is gone was in the middle.
"""

import os
import re

from command import text_of

WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
PARTS = 3


class Writer:
    """A sink for a command."""

    def __init__(self, folder, name, part_bytes):
        """folder: the descriptor of the job's folder, which stays the caller's."""
        self._folder, self._name, self._size = folder, name, part_bytes
        self._number, self._used = 0, 0
        self._fd = self._open(0)
        self.lost = 0  # bytes that could not be written

    def write(self, chunk):
        """Never raises: no command stops because a disk is full. What comes after that is dropped, so that offsets stay true."""
        while chunk and not self.lost:
            try:
                if self._used == self._size:
                    self._begin_next()
                written = os.write(self._fd, chunk[:self._size - self._used])
            except OSError:
                break
            self._used += written
            chunk = chunk[written:]
        self.lost += len(chunk)

    def _begin_next(self):
        fd = self._open(self._number + 1)
        os.close(self._fd)
        self._fd, self._number, self._used = fd, self._number + 1, 0
        if self._number >= PARTS:
            os.unlink(f"{self._name}.{self._number - PARTS + 1}", dir_fd=self._folder)

    def _open(self, number):
        return os.open(f"{self._name}.{number}", WRITE, 0o600, dir_fd=self._folder)


class Reader:
    """A stream as it was when its folder was read."""

    def __init__(self, folder, name, part_bytes):
        self._folder, self._name, self._size = folder, name, part_bytes
        parts = [int(file.rpartition(".")[2]) for file in os.listdir(folder) if re.fullmatch(rf"{name}\.[0-9]{{1,12}}", file)]
        last = max(parts, default=0)
        self.total = 0
        if parts:
            self.total = last * part_bytes + os.stat(f"{name}.{last}", dir_fd=folder, follow_symlinks=False).st_size
        self._gap = (part_bytes, (last - PARTS + 2) * part_bytes) if last >= PARTS else (self.total, self.total)

    def read(self, offset, limit, is_complete):
        """At most so many bytes, from an offset on that counts from the end when it is negative.

        is_complete: nothing more will be written. Raises FileNotFoundError when the job has gone on and what was there is gone.
        """
        asked = max(0, self.total + offset) if offset < 0 else min(offset, self.total)
        begin = self._gap[1] if self._gap[0] <= asked < self._gap[1] else asked
        end = min(begin + limit, self._gap[0] if begin < self._gap[0] else self.total)
        has_end = end == self._gap[0] < self.total or (is_complete and end == self.total)
        text, used = text_of(self._bytes(begin, end), has_begin=begin == asked and offset >= 0, has_end=has_end)
        return Excerpt(text, begin + used, begin - asked, end < self.total)

    def _bytes(self, begin, end):
        chunk = b""
        while begin < end:
            number, position = divmod(begin, self._size)
            fd = os.open(f"{self._name}.{number}", READ, dir_fd=self._folder)
            try:
                piece = os.pread(fd, min(end - begin, self._size - position), position)
            finally:
                os.close(fd)
            if not piece:
                break
            chunk += piece
            begin += len(piece)
        return chunk


class Excerpt:
    """Some text of a stream, the offset behind it, how many bytes before it are gone, and whether there is more now."""

    def __init__(self, text, offset, skipped, is_more):
        self.text, self.offset, self.skipped, self.is_more = text, offset, skipped, is_more


def read(folder, name, part_bytes, offset, limit, is_complete):
    """An excerpt and the length of the whole, however fast the job goes on meanwhile."""
    total = 0
    for _ in range(10):
        try:
            reader = Reader(folder, name, part_bytes)
            total = reader.total
            return reader.read(offset, limit, is_complete), total
        except FileNotFoundError:
            pass
    return Excerpt("", max(0, offset), 0, True), total
