"""wrk with one thread: 64 connections that post orders."""
import dataclasses
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Load:
    requests: int
    rate: float
    p50_seconds: float
    p99_seconds: float
    errors: int


def post_orders(port, seconds, connections=64):
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
         str(HERE / "post_order.lua"), f"http://127.0.0.1:{port}/orders"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 30, check=False)
    line = re.search(r"^RESULT (.*)$", done.stdout, re.M)
    if done.returncode != 0 or not line:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    told = {name: int(value) for name, value in (pair.split("=") for pair in line.group(1).split())}
    return Load(requests=told["requests"], rate=told["requests"] / (told["micros"] / 1e6),
                p50_seconds=told["p50"] / 1e6, p99_seconds=told["p99"] / 1e6,
                errors=told["refused"] + told["broken"])
