"""The keys below /proc/sys: their names, and how they are read and written."""

import errno
import os
import re
import stat

import hocket

MAX_VALUE = 1 << 16
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/@+-]{0,254}")
SECRET = re.compile(r"_(secret|key)$")  # of keys whose values are nobody's business

KINDS = {
    errno.ENOENT: "not_found",
    errno.ENOTDIR: "not_found",
    errno.EACCES: "permission_denied",
    errno.EPERM: "permission_denied",
    errno.EROFS: "read_only",
    errno.EINVAL: "invalid_value",
    errno.ERANGE: "invalid_value",
}


class Key:
    """A setting, by its path below the root. It exists and is no folder."""

    def __init__(self, top, path):
        self.path, self.file, self.name = path, f"{top}/{path}", name_of(path)
        if os.path.realpath(self.file) != self.file:
            raise hocket.Failure("not_found", f"{self.name} is a link, which may lead anywhere")
        try:
            status = os.lstat(self.file)
        except OSError as error:
            raise self._failure(error, "this kernel has no such key; it may be of a module that is not loaded") from error
        if stat.S_ISDIR(status.st_mode):
            raise hocket.Failure("not_a_key", f"{self.name} is a folder of keys: list them with the prefix {self.name}.")
        if not stat.S_ISREG(status.st_mode):
            raise hocket.Failure("not_found", f"{self.name} is no key")
        self.mode = status.st_mode

    def check_readable(self):
        if SECRET.search(self.path):
            raise hocket.Failure("refused", f"{self.name} is a secret of the kernel")
        if not self.mode & 0o444:  # root is not told so by open() everywhere
            message = f"{self.name} cannot be read: writing to it does something once, it is no setting"
            raise hocket.Failure("write_only", message)

    def read(self):
        try:
            fd = os.open(self.file, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                return os.read(fd, MAX_VALUE).decode("utf-8", "replace").rstrip("\n")
            finally:
                os.close(fd)
        except OSError as error:
            raise self._failure(error) from error

    def write(self, value):
        try:
            fd = os.open(self.file, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW)
            try:
                os.write(fd, value.encode() + b"\n")
            finally:
                os.close(fd)
        except OSError as error:
            reasons = {"invalid_value": f"the kernel does not take {value!r}",
                       "read_only": "/proc/sys is mounted read-only, as it is in containers"}
            raise self._failure(error, reasons.get(KINDS.get(error.errno))) from error

    def _failure(self, error, reason=None):
        kind = KINDS.get(error.errno, "failed")
        known = reason if kind != "permission_denied" else None
        message = f"{self.name}: {known or error.strerror}"
        return hocket.Failure(kind, message, {"errno": error.errno}, 4 if kind == "invalid_value" else 1)


def keys(top, prefix):
    """Those whose path begins with the prefix, in the order of their names. Links are not followed."""
    folder, _, begin = prefix.rpartition("/")
    try:
        entries = sorted(os.scandir(f"{top}/{folder}"), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}".lstrip("/")
        if not entry.name.startswith(begin):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from keys(top, path + "/")
        elif entry.is_file(follow_symlinks=False):
            try:
                key = Key(top, path)
            except hocket.Failure:  # gone meanwhile, with its network interface; or behind a link
                continue
            yield key


def path_of(name, is_prefix=False):
    """Of a key below the root; never one that leaves it."""
    if is_prefix and not name:
        return ""
    path = separated(name)
    parts = path.split("/")[:-1 if is_prefix and path.endswith("/") else None]
    if not NAME.fullmatch(name) or not {"", ".", ".."}.isdisjoint(parts):
        raise hocket.Failure("invalid_name", f"{name!r} is no name of a key, such as vm.swappiness", statuscode=4)
    return path


def separated(name):
    """As sysctl(8) does it: what comes first, dot or slash, separates; the other one is part of a name, as in eth0.100."""
    first = re.search(r"[./]", name)
    return name.translate({ord("."): "/", ord("/"): "."}) if first and first[0] == "." else name


def name_of(path):
    return path if "." in path else path.replace("/", ".")
