"""Row 3: durable orders on PostgreSQL.

`POST /orders`, 64 connections, of the order service with its store in PostgreSQL; menu is in the process to
give the order its name and price, and nothing else is. The CPU counted is that of both, Baedal and
PostgreSQL. The peer is the same server doing the same two inserts per transaction in another database,
under pgbench with 32 clients and synchronous_commit=on.
"""
import contextlib

from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, TAKING, Orders
from harness.postgres import Postgres
from harness.rounds import Row
from rows.orders_pgbench import PEER, beside_pgbench


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(Postgres(folder / "postgres"))
        postgres.sql("CREATE DATABASE orders")
        settings = TAKING["settings"] | {"order.store": postgres.database_url("orders")}
        baedal = stack.enter_context(
            Baedal(folder / "baedal", given.binary, ("menu", "order"), settings))
        yield from beside_pgbench(given, Orders(baedal, "orders", [postgres]), postgres, [baedal, postgres])


ROW = Row(
    number=3, name="orders_postgres", measure=measure, rate_goal=3.0, peer=PEER,
    work="POST /orders on PostgreSQL, the order service alone, 64 connections",
    round_seconds_max=CATCH_UP_SECONDS_MAX)
