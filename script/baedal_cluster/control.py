"""What a second terminal can do to a cluster that runs: see it, and stop, start or restart single
processes. The supervisor's folder says all that is needed: ports, process numbers, who is held."""
import json
import os
import pathlib
import signal

from . import layout
from .instance import Instance
from .process import ClusterError, wait_until

SECONDS_MAX = 60


def _ports(data):
    try:
        return json.loads((data / "ports.json").read_text())
    except OSError as absent:
        raise ClusterError(f"There is no cluster in {data}.") from absent


def pid_of(data, name):
    """Of the instance, when it runs; None when it does not, or the number is another's by now."""
    try:
        pid = int((data / "instances" / name / "pid").read_text())
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if str(data / "instances" / name).encode() in words else None


def rows(data):
    """As display.rows_of, without the servers."""
    found = {}
    for name, port in _ports(data).items():
        instance = Instance.seen_from_outside(name, port)
        pid = pid_of(data, name)
        held = (data / "held" / name).exists()
        state = instance.state_word() if pid else ("held" if held else "ended")
        found[name] = (state, instance.url, str(pid or ""))
    return found


def chosen(data, names):
    """Instances by their own name or their role's; all services when none is named."""
    known = list(_ports(data))
    if not names:
        return [name for name in known if name != "gateway"]
    found = [name for wanted in names for name in known if wanted in (name, layout.role_of(name))]
    for wanted in names:
        if not any(wanted in (name, layout.role_of(name)) for name in known):
            raise ClusterError(f"There is no {wanted}; there are {', '.join(known)}.")
    return found


def restart(data, name):
    before = pid_of(data, name)
    _end(before)
    wait_until(lambda: pid_of(data, name) not in (None, before), SECONDS_MAX,
               f"{name} is not started again; does the cluster run?")
    _await_ready(data, name)


def hold(data, name):
    (data / "held").mkdir(exist_ok=True)
    (data / "held" / name).touch()
    _end(pid_of(data, name))
    wait_until(lambda: pid_of(data, name) is None, SECONDS_MAX, f"{name} does not stop")


def release(data, name):
    (data / "held" / name).unlink(missing_ok=True)
    wait_until(lambda: pid_of(data, name) is not None, SECONDS_MAX,
               f"{name} is not started; does the cluster run?")
    _await_ready(data, name)


def _end(pid):
    if pid:
        os.kill(pid, signal.SIGTERM)


def _await_ready(data, name):
    instance = Instance.seen_from_outside(name, _ports(data)[name])
    wait_until(lambda: instance.status_of() == 200, SECONDS_MAX, f"{name} is not ready")
