"""What a benchmark is: a row of comparisons, measured in rounds, each round in slices."""
import collections.abc
import dataclasses

from harness import machine


class Wrong(Exception):
    """The program did something wrong: the row fails, and no figure of it counts."""


@dataclasses.dataclass(frozen=True)
class Goal:
    """A bound of one figure of the rounds: at most, unless `at_least`."""

    figure: str
    bound: float
    at_least: bool = False

    def is_reached_by(self, value):
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self):
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


@dataclasses.dataclass(frozen=True)
class Comparison:
    """One work beside one peer: a line of the result. `cpu_ratio` and `rate_ratio` are figures with a
    name in the JSON; `goals` bounds others."""

    work: str
    peer: str
    cpu_goal: float | None = None
    rate_goal: float | None = None
    goals: tuple[Goal, ...] = ()

    def all_goals(self):
        cpu = () if self.cpu_goal is None else (Goal("cpu_ratio", self.cpu_goal),)
        rate = () if self.rate_goal is None else (Goal("rate_ratio", self.rate_goal, at_least=True),)
        return cpu + rate + self.goals


@dataclasses.dataclass(frozen=True)
class Round:
    """What one round told. Keys of `also` are those of the row's; `record` is kept beside the figures and
    has no goal; `foreign` is the share of the machine others used, by slice."""

    figures: dict[str, float]
    foreign: dict[str, float]
    also: dict[str, dict[str, float]] = dataclasses.field(default_factory=dict)
    record: dict[str, float] = dataclasses.field(default_factory=dict)

    def dirty_slices(self, share_max):
        return {name: share for name, share in self.foreign.items() if share > share_max}


@dataclasses.dataclass(frozen=True)
class Row:
    """A benchmark. `measure(given, folder)` is a generator: it starts the servers, checks that answers are
    right, yields Rounds until it is closed, and stops the servers in the end. It raises Wrong when an
    answer, or what the store holds, is wrong. `given` are the arguments of the command line; `folder` is
    its own, on a real disk. `also` are further comparisons of the same rounds, by key."""

    number: int
    name: str
    work: str
    peer: str
    measure: collections.abc.Callable
    cpu_goal: float | None = None
    rate_goal: float | None = None
    goals: tuple[Goal, ...] = ()
    also: dict[str, Comparison] = dataclasses.field(default_factory=dict)
    targets: tuple[str, ...] = ("baedal",)  # of CMake, built before
    needs_disk: bool = True  # whether a folder in memory would falsify it
    round_seconds_max: float = 120  # what a round takes besides its slices, at most

    def comparisons(self):
        first = Comparison(self.work, self.peer, self.cpu_goal, self.rate_goal, self.goals)
        return {"": first, **self.also}


@dataclasses.dataclass
class Slice:
    """One work of some seconds, and what the servers behind it needed for it."""

    result: object  # what the work gave: mostly a Load
    cpu_seconds: float

    @property
    def cpu_per_request(self):
        return self.cpu_seconds / self.result.requests

    @property
    def rate(self):
        return self.result.rate


class Slices:
    """The slices of one round; all servers of the row are told apart from others' use of the machine."""

    def __init__(self, servers):
        self.pids = [server.pid for server in servers]
        self.foreign = {}

    def run(self, name, servers, work):
        """Calls `work`; the CPU counted is that of `servers`."""
        pids = [server.pid for server in servers]
        quiet = machine.Quiet(self.pids)
        cpu = machine.tree_cpu_seconds(*pids)
        result = work()
        used = machine.tree_cpu_seconds(*pids) - cpu
        self.foreign[name] = quiet.foreign_share()
        return Slice(result, used)


def in_turn(number, works):
    """Calls each of {name: work}, one after the other; the round's number says which is first, so that none
    always has the warmer machine. Gives {name: what it gave}."""
    names = list(works)
    first = number % len(names)
    return {name: works[name]() for name in names[first:] + names[:first]}


def require(holds, sentence):
    if not holds:
        raise Wrong(sentence)


def without_errors(load, server):
    """The load, if every request of it was answered well."""
    require(load.errors == 0, f"{server}: {load.errors} of {load.requests} requests were refused or broken")
    require(load.requests > 0, f"{server}: no request was answered")
    return load
