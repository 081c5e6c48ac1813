"""A customer cancels at the very moment the courier completes: one of them wins, never both, never
neither, and the money follows the winner.

Method: 1,000 rounds. In each, a fresh order on its way is cancelled and its delivery completed by two
threads that start together, one of them delayed by a random part of a millisecond so that every
interleaving has its chance. The seed of the offsets is printed on failure by pytest's report.
"""
import collections
import concurrent.futures
import random
import threading
import time

from harness.invariants import check_everything

ROUNDS = 1000
PAIRS = 4                  # races that run at the same time
OFFSET_SECONDS_MAX = 0.002
SEED = 20210224


def busy_wait(seconds):
    """Shorter than a sleep can be."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def race(api, order, offset):
    """(status of the cancel, status of the complete) when both start together."""
    start = threading.Barrier(2)
    results = {}

    def run(name, path, status, delay):
        start.wait(timeout=30)
        busy_wait(delay)
        results[name] = api.patch(path, {"status": status}).status_code

    threads = [
        threading.Thread(target=run, args=("cancel", f"/orders/{order['orderId']}", "cancel", max(0, offset))),
        threading.Thread(target=run, args=("complete", f"/deliveries/{order['deliveryId']}", "complete", max(0, -offset))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results["cancel"], results["complete"]


def test_exactly_one_of_cancel_and_complete_wins_each_of_a_thousand_races(api):
    menu = api.menu("Gimbab", price=4500)
    chance = random.Random(SEED)
    offsets = [chance.uniform(-OFFSET_SECONDS_MAX, OFFSET_SECONDS_MAX) for _ in range(ROUNDS)]

    def round_of(offset):
        order = api.started_order(menu)
        return order["orderId"], race(api, order, offset)

    with concurrent.futures.ThreadPoolExecutor(PAIRS) as pool:
        outcomes = dict(pool.map(round_of, offsets))

    assert len(outcomes) == ROUNDS
    wrong = {order_id: codes for order_id, codes in outcomes.items() if codes not in ((200, 409), (409, 200))}
    assert not wrong, f"both or neither won: {dict(list(wrong.items())[:10])}"

    counts = collections.Counter(outcomes.values())
    assert len(counts) == 2, f"one side always wins, the offsets prove nothing: {counts}"

    for order in check_everything(api, outcomes):
        cancelled = outcomes[order["orderId"]] == (200, 409)
        expected = ("cancel", "cancelled", "refunded") if cancelled else ("ordered", "complete", "paid")
        assert (order["status"], order["deliveryStatus"], order["paymentStatus"]) == expected, order
