"""Ports of 127.0.0.1 that stay ours while this process lives."""
import fcntl
import os
import pathlib
import random
import socket
import tempfile

from .process import ClusterError

_held = {}  # port: the open lock file


def take(wanted=None):
    """A port nobody has, `wanted` if that is one. It is outside the range from which the system takes
    the ports of outgoing connections, and locked against other clusters of this user: it is still
    free when its process is started again."""
    candidates = [random.randrange(15_000, 32_000) for _ in range(200)]
    for port in [wanted, *candidates] if wanted else candidates:
        if _lock(port):
            return port
    raise ClusterError("No free port between 15000 and 32000.")


def _lock(port):
    if port in _held:
        return False
    folder = pathlib.Path(tempfile.gettempdir()) / f"baedal-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True, mode=0o700)
    file = open(folder / str(port), "w", encoding="ascii")  # pylint: disable=consider-using-with
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError:
        file.close()
        return False
    _held[port] = file
    return True


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
