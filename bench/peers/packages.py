"""Installs what the other side needs from Debian, when it is missing."""

import os
import shutil
import subprocess

from processes import Failure

PACKAGES = ("mcollective", "mcollective-client", "activemq", "ruby-stomp")
# Debian's activemq starts nothing until somebody enables an instance; mcollective starts a daemon at once.
SERVICE = "mcollective.service"
INSTALL_SECONDS = 900


def version_of(package):
    """Without Debian's revision; none when it is not installed."""
    shown = subprocess.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}", package],
                           capture_output=True, text=True, check=False).stdout
    status, _, version = shown.partition(" ")
    return version.split("+")[0].split("-")[0] if status == "installed" else None


def install_missing():
    missing = [package for package in PACKAGES if version_of(package) is None]
    if not missing:
        return
    if os.geteuid() != 0:
        raise Failure(f"not installed: {' '.join(missing)}; run this as root, or install them")
    print(f"installing from Debian: {' '.join(missing)}", flush=True)
    # One broken source, perhaps of somebody else, is no reason to stop: what matters is the installation.
    apt_get("update")
    if apt_get("install", "--yes", "--no-install-recommends", *missing) != 0:
        raise Failure("apt-get install failed, see above")
    stop_service()


def apt_get(*words):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    words = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *words]
    try:
        return subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, timeout=INSTALL_SECONDS,
                              check=False).returncode
    except subprocess.TimeoutExpired as error:
        raise Failure(f"not over after {INSTALL_SECONDS} s: {' '.join(words)}") from error


def stop_service():
    """The package's own daemon neither runs on nor comes back with the next boot."""
    if not shutil.which("systemctl"):
        return  # Debian has no other way to start it
    is_running = os.path.isdir("/run/systemd/system")
    words = ["systemctl", "--quiet", "disable", *(["--now"] if is_running else []), SERVICE]
    if subprocess.run(words, timeout=60, check=False).returncode != 0:
        raise Failure(f"the service that came with the package could not be stopped: {' '.join(words)}")
