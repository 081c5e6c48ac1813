"""Row 1: durable orders beside nginx.

`POST /orders` with 64 connections through the gateway's route of one process; each order is synced
before its 201. The first line is the taking of an order: gateway, menu and order in the process, the
event carried to the durable log of the bus included. The line `chain` is the whole system in one
process: payment, delivery, the order's following of them and the customer's page work behind the same
orders on the same two cores, and all of it counts, until nothing is left to do. The peer is nginx
answering a body of the same size from memory.
"""
import contextlib
import itertools

from harness import load, machine
from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, CONNECTIONS, TAKING, Orders, static_peer
from harness.rounds import Comparison, Round, Row, Slices, in_turn, without_errors

def measure(given, folder):
    with contextlib.ExitStack() as stack:
        taking = Orders(stack.enter_context(Baedal(folder / "taking", given.binary, **TAKING)), "orders")
        chain = Orders(stack.enter_context(Baedal(folder / "chain", given.binary)), "chain")
        answer = taking.prepare()
        chain.prepare()
        peer = stack.enter_context(static_peer(folder / "nginx", answer))
        servers = [taking.baedal, chain.baedal, peer]
        for url in (taking.baedal.url, chain.baedal.url, peer.url):
            load.post_orders(url, 1, CONNECTIONS)
        chain.await_rest()
        for number in itertools.count():
            yield one_round(given, folder, Slices(servers), (taking, chain, peer), number)


def one_round(given, folder, slices, parts, number):
    taking, chain, peer = parts
    quiet = machine.Quiet(slices.pids)
    sync_p99 = machine.sync_p99_seconds(folder)
    slices.foreign["sync"] = quiet.foreign_share()
    done = in_turn(number, {
        "orders": lambda: taking.slice(slices, given.seconds),
        "chain": lambda: chain.slice(slices, given.seconds),
        "nginx": lambda: slices.run("nginx", [peer], lambda: without_errors(
            load.post_orders(peer.url, given.seconds, CONNECTIONS), "nginx"))})
    return compared(done["orders"], done["chain"], done["nginx"], sync_p99, slices.foreign)


def compared(taking, chain, bodies, sync_p99, foreign):
    def beside_nginx(taken):
        return {"cpu_ratio": taken.cpu / bodies.cpu_per_request, "rate_ratio": taken.rate / bodies.rate,
                "p99 / fdatasync's": taken.p99_seconds / sync_p99}

    return Round(beside_nginx(taking), foreign, also={"chain": beside_nginx(chain)}, record={
        "orders/s": taking.rate, "orders/s with the chain behind": chain.rate,
        "nginx answers/s": bodies.rate, "CPU us per order": taking.cpu * 1e6,
        "  while it is taken": taking.cpu_of_load * 1e6,
        "CPU us per order, chain done": chain.cpu * 1e6,
        "  while it is taken, chain behind": chain.cpu_of_load * 1e6,
        "CPU us per nginx answer": bodies.cpu_per_request * 1e6,
        "chain: orders not yet on their way at the end": chain.backlog,
        "chain: caught up after, s": chain.rest_seconds, "p99 of fdatasync, ms": sync_p99 * 1e3})


ROW = Row(
    number=1, name="orders", measure=measure,
    work="POST /orders, durable, 64 connections, through the gateway's route of one process",
    peer="nginx, a body of the same size from memory",
    cpu_goal=1.9, rate_goal=0.50,
    also={"chain": Comparison(
        work="the same with payment, delivery and mypage behind it in that process, until all is done",
        peer="nginx, a body of the same size from memory")},
    round_seconds_max=2 * CATCH_UP_SECONDS_MAX)
