"""The program under test.

BAEDAL_E2E_COMMAND names any command that takes the arguments of `baedal` and prints the line that
tells its address: the same suite then runs on another build, or on a set of processes behind one
gateway. Else BAEDAL_BINARY, else the release build of this checkout.
"""
import os
import pathlib
import shlex
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEFAULT_BINARY = ROOT / "build" / "release" / "src" / "main" / "baedal"


def command():
    if os.environ.get("BAEDAL_E2E_COMMAND"):
        return shlex.split(os.environ["BAEDAL_E2E_COMMAND"])
    return [os.environ.get("BAEDAL_BINARY") or str(DEFAULT_BINARY)]


def run(*arguments, timeout=60, **options):
    """Runs one short `baedal` command to its end; gives the CompletedProcess with text output."""
    return subprocess.run([*command(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, check=False, **options)
