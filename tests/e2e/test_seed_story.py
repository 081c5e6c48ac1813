"""The story the seed's README tells, typed as it is typed there, with the real `http` client.

Method: one server whose answers look like the seed's (links with service names, only the seed's
fields) plays the lines once; each test then compares one page with what the seed's README shows. The
README's sample lists were captured in another session than its commands, so the names and quantities
here are those of the commands.
"""
import json
import subprocess

import pytest

from conftest import SEED_MODE
from harness.waiting import eventually

SERVER_FLAGS = SEED_MODE


def http(port, method_and_path, *fields):
    """Runs one httpie line as a person would type it; gives (headers, body)."""
    *method, path = method_and_path.split()
    done = subprocess.run(
        ["http", "--ignore-stdin", "--pretty=none", "--print=hb", *method, f":{port}{path}", *fields],
        capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    headers, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
    return headers, body


@pytest.fixture(scope="module")
def story(server, api):
    """The seed's lines in order. Where the seed's author waited for a delivery, so does this."""
    port = server.port
    answers = {}
    answers["menu 1"] = http(port, "/menus", "menuNm=Gimbab")
    answers["menu 2"] = http(port, "/menus", "menuNm=Juice")
    answers["menus"] = http(port, "/menus")
    answers["order 1"] = http(port, "/orders", "menuId=1", "menuNm=Gimbab", "qty=1")
    eventually(lambda: api.get("/deliveries/1").status_code == 200)
    answers["order 2"] = http(port, "/orders", "menuId=2", "menuNm=Juice", "qty=1")
    eventually(lambda: api.get("/deliveries/2").status_code == 200)
    answers["complete 2"] = http(port, "PATCH /deliveries/2", "status=complete")
    answers["cancel 1"] = http(port, "PATCH /orders/1", "status=cancel")
    api.await_order(1, status="cancel", deliveryStatus="cancelled", deliveryId=1)
    api.await_order(2, deliveryStatus="complete", deliveryId=2)
    api.await_mypage(1, status="cancel", deliveryStatus="cancelled", deliveryId=1)
    api.await_mypage(2, status="ordered", deliveryStatus="complete", deliveryId=2)
    answers["orders"] = http(port, "/orders")
    answers["deliveries"] = http(port, "/deliveries")
    answers["mypages"] = http(port, "/mypages")
    return answers


def body_of(answer):
    return json.loads(answer[1])


def menu(number, name):
    href = f"http://menu:8080/menus/{number}"
    return {"menuNm": name, "_links": {"self": {"href": href}, "menu": {"href": href}}}


def order(number, name, **state):
    href = f"http://order:8080/orders/{number}"
    return {"menuId": number, "menuNm": name, "qty": 1, **state,
            "_links": {"self": {"href": href}, "order": {"href": href}}}


def paged(service, collection, *items):
    base = f"http://{service}:8080"
    return {
        "_embedded": {collection: list(items)},
        "_links": {
            "self": {"href": f"{base}/{collection}{{?page,size,sort}}", "templated": True},
            "profile": {"href": f"{base}/profile/{collection}"},
        },
        "page": {"size": 20, "totalElements": len(items), "totalPages": 1, "number": 0},
    }


CANCELLED = {"status": "cancel", "deliveryStatus": "cancelled", "deliveryId": 1}
COMPLETED = {"status": "ordered", "deliveryStatus": "complete", "deliveryId": 2}


def test_registering_a_menu_answers_201_with_its_location(story):
    headers, _ = story["menu 1"]
    assert headers.startswith("HTTP/1.1 201 Created")
    assert "Location: http://menu:8080/menus/1" in headers
    assert body_of(story["menu 1"]) == menu(1, "Gimbab")


def test_the_menu_list_is_the_seeds(story):
    assert body_of(story["menus"]) == paged("menu", "menus", menu(1, "Gimbab"), menu(2, "Juice"))


def test_an_order_answers_201_as_the_seed_shows(story):
    headers, _ = story["order 1"]
    assert headers.startswith("HTTP/1.1 201 Created")
    assert "Location: http://order:8080/orders/1" in headers
    assert body_of(story["order 1"]) == order(
        1, "Gimbab", status="ordered", deliveryStatus=None, deliveryId=None)


def test_completing_a_delivery_answers_200(story):
    headers, _ = story["complete 2"]
    assert headers.startswith("HTTP/1.1 200 OK")
    assert body_of(story["complete 2"])["status"] == "complete"


def test_cancelling_an_order_answers_200_with_both_states_changed(story):
    headers, _ = story["cancel 1"]
    assert headers.startswith("HTTP/1.1 200 OK")
    assert body_of(story["cancel 1"]) == order(1, "Gimbab", **CANCELLED)


def test_the_order_list_is_the_seeds(story):
    assert body_of(story["orders"]) == paged(
        "order", "orders", order(1, "Gimbab", **CANCELLED), order(2, "Juice", **COMPLETED))


def test_the_delivery_list_is_the_seeds(story):
    def delivery(number, status):
        href = f"http://delivery:8080/deliveries/{number}"
        return {"orderId": number, "status": status,
                "_links": {"self": {"href": href}, "delivery": {"href": href}}}
    assert body_of(story["deliveries"]) == paged(
        "delivery", "deliveries", delivery(1, "cancelled"), delivery(2, "complete"))


def test_mypage_is_the_seeds(story):
    def row(number, name, state):
        href = f"http://mypage:8080/mypages/{number}"
        return {"orderId": number, "menuId": number, "menuNm": name, "qty": 1, **state,
                "_links": {"self": {"href": href}, "mypage": {"href": href}}}
    assert body_of(story["mypages"]) == {
        "_embedded": {"mypages": [row(1, "Gimbab", CANCELLED), row(2, "Juice", COMPLETED)]},
        "_links": {
            "self": {"href": "http://mypage:8080/mypages"},
            "profile": {"href": "http://mypage:8080/profile/mypages"},
            "search": {"href": "http://mypage:8080/mypages/search"},
        },
    }


def test_members_come_in_the_seeds_order(story):
    assert list(body_of(story["cancel 1"])) == [
        "menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId", "_links"]
    assert list(body_of(story["mypages"])["_embedded"]["mypages"][0]) == [
        "orderId", "menuId", "menuNm", "deliveryId", "qty", "status", "deliveryStatus", "_links"]
