"""mypage is only what the events say: rebuilt from them while serving, it is what it was."""
import threading

from harness.api import describe
from harness.command import rebuild_mypage
from harness.invariants import check_everything

TOKENS = [{}, {"paymentToken": "tok_decline"}, {}, {"paymentToken": "tok_timeout_then_approve"}, {}]


def play(api, menu, count):
    """Orders with every ending; gives their ids."""
    order_ids = [api.order(menu, qty=1 + number % 3, **TOKENS[number % len(TOKENS)]) for number in range(count)]
    for number, order_id in enumerate(order_ids):
        if number % 5 == 0:
            assert api.patch(f"/orders/{order_id}", {"status": "cancel"}).status_code == 200
        elif number % 5 == 2:
            delivery = api.await_order(order_id, deliveryStatus="started")["deliveryId"]
            assert api.patch(f"/deliveries/{delivery}", {"status": "complete"}).status_code == 200
    return order_ids


def rows(api):
    return {row["orderId"]: row for row in api.read("/mypages?size=1000")["_embedded"]["mypages"]}


def test_a_rebuilt_mypage_equals_the_live_one(server, api):
    menu = api.menu("Gimbab", price=4500)
    check_everything(api, play(api, menu, 30))
    live = rows(api)
    said = rebuild_mypage(server)
    assert said.strip(), "an operator wants to read what was done"
    assert rows(api) == live
    check_everything(api)


def test_a_rebuild_while_serving_loses_nothing_and_readers_always_see_rows(server, api):
    menu = api.menu("Juice", price=100)
    first = api.order(menu)
    api.await_mypage(first, deliveryStatus="started", paymentStatus="paid")
    order_ids, troubles, stop = [], [], threading.Event()

    def write():
        while not stop.is_set():
            order_ids.extend(play(api, menu, 5))

    def read():
        while not stop.is_set():
            answer = api.get(f"/mypages/search/findByOrderId?orderId={first}")
            if answer.status_code != 200 or answer.json()["deliveryStatus"] != "started":
                troubles.append(describe(answer))

    workers = [threading.Thread(target=write), threading.Thread(target=read)]
    for worker in workers:
        worker.start()
    try:
        for _ in range(5):
            rebuild_mypage(server)
    finally:
        stop.set()
        for worker in workers:
            worker.join(timeout=60)
    assert not troubles, troubles[:3]
    check_everything(api, order_ids)


def test_a_restart_behind_a_rebuild_goes_on_from_there(launch):
    server = launch()
    menu = server.api.menu("Gimbab")
    play(server.api, menu, 10)
    check_everything(server.api)
    rebuild_mypage(server)
    before = len(rows(server.api))
    server.stop()
    server.start()
    check_everything(server.api, play(server.api, menu, 10))
    assert len(rows(server.api)) == before + 10
