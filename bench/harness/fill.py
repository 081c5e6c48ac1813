"""Large stores: bench/fill's program, run before the server is started on the folder."""
import subprocess

from harness.process import ROOT, clean_environment

PROGRAM = ROOT / "build/release/bench/fill/baedal_fill"
TARGET = "baedal_fill"  # for Row.targets


def flag_of(name, value):
    flag = "--" + name.replace("_", "-")
    return [flag] if value is True else [flag, str(value)]


def fill(data, seconds_max=1800, **counts):
    """fill(folder, orders=10_000_000, keys=…, keys_age_hours=48, sweep=True): see `baedal_fill --help`."""
    flags = [part for name, count in counts.items() for part in flag_of(name, count)]
    done = subprocess.run([str(PROGRAM), "--data.dir", str(data), *flags], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, env=clean_environment(), timeout=seconds_max,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{PROGRAM.name} failed: {done.stderr[-2000:]}")
