"""Row 2: durable orders beside PostgreSQL.

`POST /orders` as row 1 takes it, 64 connections. The peer is PostgreSQL on the same disk doing the same two
inserts per transaction, an order and its event, under pgbench with 32 clients and synchronous_commit=on.
"""
import contextlib
import itertools

from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, TAKING, Orders, pgbench_slice
from harness.postgres import Pgbench, Postgres
from harness.rounds import Round, Row, Slices, in_turn

PEER = "PostgreSQL, the same two inserts under pgbench, 32 clients, synchronous_commit=on"


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        orders = Orders(stack.enter_context(Baedal(folder / "baedal", given.binary, **TAKING)), "orders")
        postgres = stack.enter_context(Postgres(folder / "postgres"))
        yield from beside_pgbench(given, orders, postgres, [orders.baedal, postgres])


def beside_pgbench(given, orders, postgres, servers):
    """Rounds of orders and of the two inserts; `servers` are all there are."""
    pgbench = Pgbench(postgres)
    orders.prepare()
    orders.post(1)
    orders.await_rest()
    pgbench.transactions(1)
    for number in itertools.count():
        slices = Slices(servers)
        done = in_turn(number, {"orders": lambda: orders.slice(slices, given.seconds),
                                "pgbench": lambda: pgbench_slice(slices, pgbench, given.seconds)})
        yield compared(done["orders"], done["pgbench"], slices.foreign)


def compared(taken, inserted, foreign):
    return Round(
        {"cpu_ratio": taken.cpu / inserted.cpu_per_request, "rate_ratio": taken.rate / inserted.rate},
        foreign, record={
            "orders/s": taken.rate, "pgbench transactions/s": inserted.rate,
            "CPU us per order": taken.cpu * 1e6,
            "CPU us of PostgreSQL per transaction": inserted.cpu_per_request * 1e6,
            "p99 of an order, ms": taken.p99_seconds * 1e3})


ROW = Row(
    number=2, name="orders_pgbench", measure=measure, rate_goal=5.0, peer=PEER,
    work="POST /orders, durable, 64 connections, through the gateway's route of one process",
    round_seconds_max=CATCH_UP_SECONDS_MAX)
