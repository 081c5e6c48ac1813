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
# How long one service waits for the other: long, so that a machine that is busy with other tests too does not
# turn an answer into a 503. What is about these limits sets them by flag.
PATIENCE = {"BAEDAL_DELIVERY_TIME_LIMIT": "20s", "BAEDAL_MENU_TIME_LIMIT": "20s"}


def command():
    if os.environ.get("BAEDAL_E2E_COMMAND"):
        return shlex.split(os.environ["BAEDAL_E2E_COMMAND"])
    return [os.environ.get("BAEDAL_BINARY") or str(DEFAULT_BINARY)]


def environment(**extra):
    """Our environment without BAEDAL_…: the program reads its settings from there, and refuses
    names it does not know. Open to everybody, unless a test says otherwise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BAEDAL_")}
    return kept | {"BAEDAL_PROFILE": "dev"} | extra


def run(*arguments, timeout=60, env=None, **options):
    """Runs one short `baedal` command to its end; gives the CompletedProcess with text output."""
    return subprocess.run([*command(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, check=False, env=environment(**(env or {})), **options)


def rebuild_mypage(server):
    """Rebuilds mypage in the running server; gives what the command says."""
    done = run("projection", "rebuild", "mypage", "--url", server.base_url)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
