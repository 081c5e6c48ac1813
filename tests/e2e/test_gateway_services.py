"""The gateway as a process of its own in front of the real services: the seed's routes, links, a
service that goes and comes back, and restarts that nobody notices.

Method: two or three runs of the program on loopback; clients see the gateway only.
"""
import itertools
import threading

import pytest

from harness.api import assert_problem, describe
from harness.waiting import eventually
from test_gateway import SEED_ROUTES

SERVICES = ("menu", "order", "payment", "delivery", "mypage")


def in_front_of(launch, server, *flags):
    instances = ",".join(f"{name}={server.base_url}" for name in SERVICES)
    return launch("--role", "gateway", "--gateway.instances", instances, *flags)


@pytest.fixture
def services(launch):
    return launch("--role", ",".join(SERVICES), "--http.trusted-proxies", "127.0.0.1")


def test_the_seeds_story_through_a_gateway_with_the_seeds_routes(launch, services, tmp_path):
    file = tmp_path / "application.yml"
    file.write_text(SEED_ROUTES)
    api = in_front_of(launch, services, "--gateway.routes-file", file).api
    menu = api.menu("Gimbab", price=3500)
    answer = api.post("/orders", {"menuId": str(menu), "menuNm": "Gimbab", "qty": "1"})
    assert answer.status_code == 201, describe(answer)
    assert answer.headers["Location"].startswith(f"{api.base_url}/orders/"), "links lead to the gateway"
    order = api.await_order(answer.json()["orderId"], deliveryStatus="started")
    assert order["_links"]["self"]["href"].startswith(api.base_url)
    assert api.patch(f"/orders/{order['orderId']}", {"status": "cancel"}).status_code == 200
    api.await_mypage(order["orderId"], status="cancel", deliveryStatus="cancelled")
    assert api.get("/menus/4711").status_code == 404
    assert api.post("/orders", data=b"{", headers={"Content-Type": "application/json"}).status_code == 400


def test_a_body_too_large_for_the_service_is_413_from_it(launch, services):
    api = in_front_of(launch, services).api
    answer = api.post("/menus", data=b'{"menuNm":"' + b"x" * 3_000_000 + b'"}',
                      headers={"Content-Type": "application/json"})
    assert answer.status_code == 413, describe(answer)


def test_a_service_that_goes_is_503_and_comes_back_by_itself(launch, services):
    gateway = in_front_of(launch, services)
    api = gateway.api
    menu = api.menu("Gimbab")
    services.kill()
    answer = api.get(f"/menus/{menu}")
    assert_problem(answer, 503)
    assert "Retry-After" in answer.headers
    for secret in ("127.0.0.1:" + str(services.port), str(services.port)):
        assert secret not in answer.text and secret not in str(answer.headers)
    assert api.get("/actuator/health/liveness").status_code == 200
    assert api.get("/actuator/health/readiness").status_code == 200
    services.flags += ["--http.port", str(services.port)]
    services.start()
    eventually(lambda: api.get(f"/menus/{menu}").status_code == 200)


def test_restarts_one_after_the_other_cost_no_request_not_even_a_post(launch):
    """Two instances with a store each: what matters here is the way to them."""
    instances = [launch("--role", "menu") for _ in range(2)]
    for instance in instances:
        instance.flags += ["--http.port", str(instance.port)]
    named = ",".join(f"menu={instance.base_url}" for instance in instances)
    api = launch("--role", "gateway", "--gateway.instances", named, "--gateway.check-interval", "100ms",
                 "--gateway.ejection-time", "200ms").api
    failures, count, stop = [], itertools.count(), threading.Event()
    done = [0]

    def order():
        while not stop.is_set():
            answer = api.post("/menus", {"menuNm": f"Gimbab {next(count)}"})
            done[0] += 1
            if answer.status_code != 201:
                failures.append(describe(answer))

    clients = [threading.Thread(target=order) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        for instance in instances * 3:
            before = done[0]
            eventually(lambda: done[0] > before + 50)
            instance.stop()
            before = done[0]
            eventually(lambda: done[0] > before + 50)
            instance.start()
            ready = instance.api
            eventually(lambda: ready.get("/actuator/health/readiness").status_code == 200)
            reached = lambda: ready.read("/menus?size=1")["page"]["totalElements"]
            known = reached()
            eventually(lambda: reached() > known)
    finally:
        stop.set()
        for client in clients:
            client.join()
    assert not failures, (len(failures), failures[:3])
