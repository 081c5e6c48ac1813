"""The command line of script/cluster."""
import argparse
import fcntl
import pathlib
import signal
import sys
import threading

from . import control, layout
from .cluster import Cluster
from .display import Display, table_of
from .process import ROOT, ClusterError

BINARY = ROOT / "build" / "release" / "src" / "main" / "baedal"
REDRAW_SECONDS = 1.0


def main(words):
    commands = {"status": status, "restart": restart, "stop": stop, "start": start, "up": up}
    command = commands[words.pop(0)] if words and words[0] in commands else up
    try:
        return command(words)
    except ClusterError as failure:
        print(f"script/cluster: {failure}", file=sys.stderr)
        return 1


def up(words):
    options = _options(words)
    options.data.mkdir(parents=True, exist_ok=True)
    with open(options.data / "lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise ClusterError(f"A cluster runs on {options.data} already.") from taken
        return _serve(Cluster(options))


def _serve(cluster):
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_stop.set())
    display = Display(cluster)
    try:
        cluster.start(display.update)
        # Standard output belongs to this line, as with `baedal serve`.
        print(f"baedal: serving on {cluster.url}", flush=True)
        display.keep_what_stands()
        cluster.supervise()
        while not asked_to_stop.wait(REDRAW_SECONDS):
            display.update()
        print("script/cluster: stopping", file=sys.stderr)
    finally:
        cluster.stop()
    print("script/cluster: stopped", file=sys.stderr)
    return 0


def _options(words):
    parser = argparse.ArgumentParser(prog="script/cluster", add_help=False)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("data/cluster"))
    parser.add_argument("--instances", action="append", default=[], metavar="ROLE=N")
    known, flags = parser.parse_known_args(words)
    copies = {}
    for word in known.instances:
        role, _, count = word.partition("=")
        if role not in layout.SERVICES or not count.isdigit() or not 1 <= int(count) <= 16:
            raise ClusterError(f"--instances takes ROLE=N with N from 1 to 16, not {word!r}.")
        copies[role] = int(count)
    return layout.Options(data=known.data.resolve(), port=known.port, binary=BINARY, copies=copies,
                          flags=tuple(flags))


def _control_words(words):
    parser = argparse.ArgumentParser(prog="script/cluster", add_help=False)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("data/cluster"))
    parser.add_argument("names", nargs="*")
    known = parser.parse_args(words)
    return known.data.resolve(), known.names


def status(words):
    data, _ = _control_words(words)
    print(table_of(control.rows(data)), end="")
    return 0


def restart(words):
    return _to_each(words, control.restart, "ready")


def stop(words):
    return _to_each(words, control.hold, "stopped")


def start(words):
    return _to_each(words, control.release, "ready")


def _to_each(words, act, outcome):
    data, names = _control_words(words)
    for name in control.chosen(data, names):
        act(data, name)
        print(f"{name} {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
