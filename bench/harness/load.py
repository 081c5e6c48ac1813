"""wrk with one thread, as the load of every server."""
import dataclasses
import re
import subprocess

from harness.process import FILES


@dataclasses.dataclass
class Load:
    requests: int
    rate: float
    p50_seconds: float | None
    p99_seconds: float | None
    errors: int


def run(url, seconds, connections=64, script="report.lua", arguments=()):
    """Loads `url` for so many seconds. `script` is one of files/*.lua; report.lua alone sends GETs."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(FILES / script),
         url, "--", *map(str, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 30, check=False)
    line = re.search(r"^RESULT (.*)$", done.stdout, re.M)
    if done.returncode != 0 or not line:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    told = {name: int(value) for name, value in (pair.split("=") for pair in line.group(1).split())}
    return Load(requests=told["requests"], rate=told["requests"] / (told["micros"] / 1e6),
                p50_seconds=told["p50"] / 1e6, p99_seconds=told["p99"] / 1e6,
                errors=told["refused"] + told["broken"])


def post_orders(url, seconds, connections=64):
    """Posts orders of menu 1 to `url`/orders."""
    return run(url + "/orders", seconds, connections, "post_order.lua")
