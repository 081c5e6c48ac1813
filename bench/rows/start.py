"""Row 13: from exec to the first 200, and from there to readiness; the whole system in one process.

The client asks before anything listens, and again without a pause worth mentioning, until it has a
whole answer. Once on an empty data folder, where every database is made, and again on the folder that
run left, with its orders, from a warm disk. The figure is in milliseconds and has no peer; the start of
a process that does nothing is kept beside it.
"""
import http.client
import itertools
import signal
import subprocess
import time

from harness.baedal import Baedal
from harness.ordering import Orders
from harness.process import START_SECONDS_MAX, free_port, stop
from harness.rounds import Comparison, Goal, Round, Row, require
from harness import machine, tools

ORDERS = 20_000
FIGURE = "ms to first 200"
ASK_PAUSE_SECONDS = 0.0002


class Started:
    """Only from exec to answers: no line of the program's own is waited for."""

    def __init__(self, binary, data):
        self.port = free_port()
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(binary), "serve", "--profile", "dev", "--port", str(self.port), "--data", str(data)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def pid(self):
        return self.process.pid

    def seconds_until(self, path):
        """From exec to a whole 200."""
        while time.perf_counter() - self.began < START_SECONDS_MAX:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    return time.perf_counter() - self.began
            except OSError:
                time.sleep(ASK_PAUSE_SECONDS)
            finally:
                connection.close()
        stop(self.process, signal.SIGKILL)
        require(False, f"GET {path}: no 200 within {START_SECONDS_MAX} s")


def one_start(binary, data):
    """(milliseconds to the first 200 of a service, to readiness)."""
    started = Started(binary, data)
    try:
        first = started.seconds_until("/menus")
        ready = started.seconds_until("/actuator/health/readiness")
    finally:
        stop(started.process)
    require(started.process.returncode == 0, f"it ended with {started.process.returncode}")
    return first * 1e3, ready * 1e3


def fill(given, folder):
    """A data folder that has been used."""
    with Baedal(folder, given.binary) as baedal:
        orders = Orders(baedal, "start")
        orders.prepare()
        sent = tools.send(baedal.url, 30, requests=ORDERS, **tools.ORDER)
        require(sent.requests >= ORDERS, f"{sent.requests} of {ORDERS} orders were answered 201")


def seconds_of_nothing():
    began = time.perf_counter()
    subprocess.run(["/bin/true"], check=True)
    return time.perf_counter() - began


def measure(given, folder):
    fill(given, folder / "used")
    for number in itertools.count():
        quiet = machine.Quiet([])
        empty, empty_ready = one_start(given.binary, folder / f"empty{number}")
        used, used_ready = one_start(given.binary, folder / "used" / "data")
        nothing = seconds_of_nothing() * 1e3
        yield Round({FIGURE: used}, {"starts": quiet.foreign_share()}, also={"empty": {FIGURE: empty}},
                    record={"ms until ready, folder used": used_ready, "ms until ready, folder empty": empty_ready,
                            "ms of a process that does nothing": nothing})


ROW = Row(
    number=13, name="start", measure=measure,
    work=f"from exec to the first 200, on a data folder with {ORDERS:,} orders, warm disk", peer="none",
    goals=(Goal(FIGURE, 50),),
    also={"empty": Comparison(work="the same on an empty data folder", peer="none", goals=(Goal(FIGURE, 50),))},
    targets=("baedal", "bench_paced"))
