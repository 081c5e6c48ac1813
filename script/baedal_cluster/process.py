"""Child processes that end with their parent."""
import ctypes
import os
import pathlib
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class ClusterError(Exception):
    """What the operator has to be told; a sentence."""


def die_with_parent():
    """For preexec_fn: however the parent ends, the child is killed then. Nothing that was answered
    is lost by that, and nothing stays behind holding a port."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_until(condition, seconds_max, what, pause=0.05):
    """Waits until `condition()` is true; a ClusterError that says `what` when it does not."""
    end = time.monotonic() + seconds_max
    while not condition():
        if time.monotonic() > end:
            raise ClusterError(f"{what} (waited {seconds_max} s)")
        time.sleep(pause)


def run(command, **options):
    """Runs a short command to its end; a ClusterError with its words when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False, **options)
    if done.returncode != 0:
        raise ClusterError(f"{command[0]} fails: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def tail(path, bytes_max=3000):
    """The end of a file; nothing where there is none."""
    if path is None:
        return ""
    try:
        return pathlib.Path(path).read_bytes()[-bytes_max:].decode("utf-8", "replace")
    except OSError:
        return ""


def is_root():
    return os.geteuid() == 0
