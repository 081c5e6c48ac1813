"""The long form of test_breaker_proof.py: each scenario without a circuit breaker and with two, as a
table of availability and latency. See script/breaker-proof."""
import argparse
import contextlib
import pathlib
import tempfile

from harness import breaker_proof
from harness.server import Server
from harness.slow_delivery import SlowDelivery

SCENARIOS = {
    "answers in 400 to 620 ms": (0.400, 0.620),
    "hangs (5 s)": (5.0, 5.0),
}
BREAKERS = {
    "none": ("--circuit-breaker.enabled", "false"),
    "opens at 50 % (default)": (),
    "opens at 5 %": breaker_proof.SENSITIVE,
}
HEAD = ("| delivery | breaker | availability | requests/s | 200: count, p50, p99 | 503: count, p50, p99 | longest "
        "| opened, closed | delivery asked |")


@contextlib.contextmanager
def launcher(folder):
    """Starts servers and stops them at the end, as the tests' fixture does."""
    servers = []

    def launch(*flags):
        servers.append(Server(folder / f"data-{len(servers)}", *flags))
        return servers[-1].start()
    try:
        yield launch
    finally:
        for server in servers:
            server.stop()


def measure(delay, flags, seconds, orders):
    with tempfile.TemporaryDirectory(prefix="breaker-proof-") as name:
        folder = pathlib.Path(name)
        with launcher(folder) as launch:
            delivery = launch("--role", "delivery")
            with SlowDelivery(delivery.port, delay) as slow:
                server = breaker_proof.start(launch, slow, *flags)
                figures = breaker_proof.run(server, seconds, folder, orders)
                if not server.running:
                    raise SystemExit("script/breaker-proof: the order service did not survive")
                return figures | {"asked": slow.asked}


def cell(times):
    if not times:
        return "none"
    return (f"{len(times)}, {breaker_proof.milliseconds(times, 0.5):.0f} ms, "
            f"{breaker_proof.milliseconds(times, 0.99):.0f} ms")


def row(scenario, breaker, figures):
    besieged = figures["siege"]
    good, refused = [], []
    for kind, times in figures["answers"].items():
        (good if kind == "200" else refused).extend(times)
    changes = "none" if breaker == "none" else f"{figures['opened']}, {figures['closed']}"
    return (f"| {scenario} | {breaker} | {besieged['availability']:.2f} % | {besieged['transaction_rate']:.0f} "
            f"| {cell(good)} | {cell(refused)} | {besieged['longest_transaction']:.2f} s | {changes} "
            f"| {figures['asked']} |")


def main():
    parser = argparse.ArgumentParser(prog="script/breaker-proof", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="of siege for each row; default 60")
    parser.add_argument("--orders", type=int, default=20_000, help="to cancel, for each row; default 20000")
    given = parser.parse_args()
    if not 1 <= given.seconds <= 600 or not 1_000 <= given.orders <= 200_000:
        parser.error("1 to 600 seconds, 1000 to 200000 orders")
    print(HEAD)
    print("|" + "---|" * (HEAD.count("|") - 1), flush=True)
    for scenario, delay in SCENARIOS.items():
        for breaker, flags in BREAKERS.items():
            print(row(scenario, breaker, measure(delay, flags, given.seconds, given.orders)), flush=True)


if __name__ == "__main__":
    main()
