"""Row 7: what the gateway adds to an answer's time, beside what nginx adds.

The servers of row 6, 8 connections. What a proxy adds is its p50 less the p50 of asking the upstream
directly in the same round.
"""
import contextlib
import itertools

from harness.proxying import Proxies
from harness.rounds import Comparison, Goal, Round, Row, Slices, in_turn

CONNECTIONS = 8
NAMES = ("direct", "gateway", "nginx", "haproxy")


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        proxies = Proxies(stack, folder, given.binary, NAMES[1:])
        proxies.check()
        for name in NAMES:
            proxies.get(Slices(proxies.servers.values()), name, 1, CONNECTIONS)
        for number in itertools.count():
            slices = Slices(proxies.servers.values())
            done = in_turn(number, {
                name: lambda name=name: proxies.get(slices, name, given.seconds, CONNECTIONS)
                for name in NAMES})
            proxies.check()
            yield compared({name: one.result.p50_seconds for name, one in done.items()}, slices.foreign)


def compared(p50, foreign):
    # Less than the microsecond that wrk tells apart is none.
    added = {name: max(p50[name] - p50["direct"], 1e-6) for name in NAMES[1:]}
    return Round(
        {"added p50": added["gateway"] / added["nginx"]}, foreign,
        also={"haproxy": {"added p50": added["gateway"] / added["haproxy"]}},
        record={f"p50 of {name}, us": seconds * 1e6 for name, seconds in p50.items()})


WORK = f"added p50 of the gateway, {CONNECTIONS} connections"
ROW = Row(
    number=7, name="proxy_latency", measure=measure, needs_disk=False,
    work=WORK, peer="nginx's added p50", goals=(Goal("added p50", 0.65),),
    also={"haproxy": Comparison(WORK, "haproxy's added p50")})
