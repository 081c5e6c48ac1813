"""The load generators of bench/load: what wrk cannot do, since it waits for each answer."""
import dataclasses
import json
import subprocess

from harness.process import ROOT
from harness.rounds import require

FOLDER = ROOT / "build" / "release" / "bench"


@dataclasses.dataclass(frozen=True)
class Durations:
    """Seconds."""

    count: int
    p50: float
    p99: float
    max: float

    @classmethod
    def of(cls, told):
        if not told["count"]:
            return cls(0, 0.0, 0.0, 0.0)
        return cls(told["count"], told["p50"] / 1e6, told["p99"] / 1e6, told["max"] / 1e6)


class Paced:
    """What bench/load/paced told. `good` and `by_status` are Durations, from sending to the whole answer."""

    def __init__(self, told, good):
        self.seconds, self.sent, self.unsent = told["seconds"], told["sent"], told["unsent"]
        self.by_status = {int(status): Durations.of(took) for status, took in told["status"].items()}
        self.good = self.by_status.get(good, Durations(0, 0.0, 0.0, 0.0))
        self.broken, self.wrong = told["broken"], told["wrong"]

    @property
    def requests(self):
        return self.good.count

    @property
    def rate(self):
        """Good answers a second."""
        return self.good.count / self.seconds

    @property
    def errors(self):
        return self.sent - self.good.count + self.wrong


class Tool:
    """A running tool; result() waits for its end."""

    def __init__(self, name, *arguments):
        self.name = name
        self.process = subprocess.Popen([str(FOLDER / f"bench_{name}"), *map(str, arguments)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

    def result(self, seconds_max):
        try:
            printed, complaint = self.process.communicate(timeout=seconds_max)
        except BaseException:
            self.process.kill()
            self.process.communicate()
            raise
        if self.process.returncode != 0:
            raise RuntimeError(f"{self.name} failed: {complaint}")
        return json.loads(printed)


class Sending(Tool):
    """Requests under way: at `rate` a second, or one after the other on each connection without. In
    `path` {} becomes a number of `ids`, (first, last), in turn or at random."""

    def __init__(self, url, seconds, path="/", method="GET", body="", good=200, expect="", rate=0,
                 connections=64, requests=None, ids=None, random_ids=False):
        self.good_status, self.seconds = good, seconds
        words = ["--port", url.rsplit(":", 1)[1], "--method", method, "--path", path, "--good", good,
                 "--connections", connections, "--rate", rate, "--seconds", seconds]
        words += ["--body", body] if body else []
        words += ["--expect", expect] if expect else []
        words += ["--requests", requests] if requests else []
        words += ["--random-ids" if random_ids else "--ids", f"{ids[0]}-{ids[1]}"] if ids else []
        super().__init__("paced", *words)

    def paced(self):
        return Paced(self.result(self.seconds + 40), self.good_status)


def send(url, seconds, **options):
    return Sending(url, seconds, **options).paced()


ORDER = {"path": "/orders", "method": "POST", "body": '{"menuId":1,"qty":2}', "good": 201,
         "expect": '"orderId"'}


@dataclasses.dataclass(frozen=True)
class Followed:
    """Durations from the 201 until `started` is on the customer's page, and those of the POST."""

    started: Durations
    order: Durations
    asked: int


class Following(Tool):
    """Orders placed one after the other on a few connections, each asked for until it is started."""

    def __init__(self, url, seconds, rate=150, pause_micros=200):
        self.seconds = seconds
        super().__init__("follow", "--port", url.rsplit(":", 1)[1], "--seconds", seconds, "--rate", rate,
                         "--pause-us", pause_micros)

    def followed(self):
        told = self.result(self.seconds + 40)
        require(not told["failed"], f"following orders: {told['failed']}")
        require(not told["refused"], f"{told['refused']} orders were not answered 201")
        require(not told["late"], f"{told['late']} orders were not started in time")
        started = Durations.of(told["started"])
        require(started.count > 0, "no order was followed")
        return Followed(started, Durations.of(told["order"]), told["asked"])


def kafka_round_trip(broker, topic, seconds, rate=0):
    """Durations from producing a record to having consumed it."""
    return Durations.of(Tool("round_trip", broker, topic, seconds, rate).result(seconds + 60))
