"""Row 6: the gateway as a proxy, beside nginx and haproxy.

The role gateway in a process of its own passes `GET /orders/1` on to a tiny nginx that answers 300 bytes
from memory, over connections that stay open on both sides, with 64 and with 256 clients. The peers do the
same with the same upstream: nginx `proxy_pass` with upstream keep-alive and two workers, haproxy with two
threads. The CPU is that of the proxy alone.
"""
import contextlib
import itertools

from harness.proxying import Proxies
from harness.rounds import Comparison, Round, Row, Slices, in_turn

FEW, MANY = 64, 256
NAMES = ("gateway", "nginx", "haproxy")


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        proxies = Proxies(stack, folder, given.binary, NAMES)
        proxies.check()
        for name in NAMES:
            proxies.get(Slices(proxies.servers.values()), name, 1, MANY)
        for number in itertools.count():
            slices = Slices(proxies.servers.values())
            yield one_round(given, proxies, slices, number)


def one_round(given, proxies, slices, number):
    def compared(connections):
        done = in_turn(number, {name: lambda name=name: proxies.get(slices, name, given.seconds, connections)
                                for name in NAMES})
        record.update({f"{name}, {connections} connections: {what}": value for name, one in done.items()
                       for what, value in (("answers/s", one.rate), ("CPU us", one.cpu_per_request * 1e6),
                                           ("p99, ms", one.result.p99_seconds * 1e3))})
        return {peer: beside(done["gateway"], done[peer]) for peer in NAMES[1:]}

    record = {}
    few, many = compared(FEW), compared(MANY)
    proxies.check()
    return Round(few["nginx"], slices.foreign, record=record, also={
        f"{MANY}": many["nginx"], "haproxy": few["haproxy"], f"haproxy {MANY}": many["haproxy"]})


def beside(gateway, peer):
    return {"cpu_ratio": gateway.cpu_per_request / peer.cpu_per_request, "rate_ratio": gateway.rate / peer.rate}


def work(connections):
    return f"gateway proxying a 300-byte answer, keep-alive, {connections} connections"


NGINX, HAPROXY = "nginx proxy_pass with upstream keep-alive", "haproxy, 2 threads"
ROW = Row(
    number=6, name="proxy", measure=measure, needs_disk=False,
    work=work(FEW), peer=NGINX, cpu_goal=0.75, rate_goal=1.3,
    also={f"{MANY}": Comparison(work(MANY), NGINX, 0.75, 1.3),
          "haproxy": Comparison(work(FEW), HAPROXY, 0.85, 1.1),
          f"haproxy {MANY}": Comparison(work(MANY), HAPROXY, 0.85, 1.1)})
