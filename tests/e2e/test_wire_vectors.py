"""The vectors frozen from captures of the seed's system, byte for byte where the capture was.

Method: the server imitates the seed (links with service names, only the seed's fields) and is asked
with the tools of the captures: siege and httpie.
Two rows are not here: "the same with delivery down" and "an order while delivery is down" need the
services in processes of their own, and are tested with them.
"""
import json
import re
import subprocess

import pytest

from conftest import SEED_MODE
from harness.api import describe, id_in
from harness.waiting import eventually

SERVER_FLAGS = (*SEED_MODE, "--management.demo-endpoints", "true")


def test_menus_posted_by_siege_are_answered_with_172_174_and_176_bytes(launch, tmp_path):
    server = launch(*SEED_MODE)
    rc = tmp_path / "siegerc"
    rc.write_text("verbose = true\nquiet = false\ncolor = off\njson_output = false\nshow-logfile = false\n"
                  "logging = false\nprotocol = HTTP/1.1\nparser = false\nbenchmark = true\n")
    done = subprocess.run(
        ["siege", "-R", str(rc), "-c1", "-r101", "--content-type", "application/json",
         server.base_url + '/menus POST {"menuNm":"Coffee"}'],
        capture_output=True, text=True, timeout=60, check=False, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    found = re.findall(r"HTTP/1\.1 (\d+)\s+[\d.]+ secs:\s+(\d+) bytes", done.stdout + done.stderr)
    assert found == [("201", "172")] * 9 + [("201", "174")] * 90 + [("201", "176")] * 2


def test_a_menu_is_rendered_as_the_seed_renders_it(launch):
    answer = launch(*SEED_MODE).api.post("/menus", {"menuNm": "Coffee"})
    assert answer.text == """{
  "menuNm" : "Coffee",
  "_links" : {
    "self" : {
      "href" : "http://menu:8080/menus/1"
    },
    "menu" : {
      "href" : "http://menu:8080/menus/1"
    }
  }
}"""


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab")


def test_httpie_sends_strings_and_gets_numbers(server, menu):
    done = subprocess.run(
        ["http", "--ignore-stdin", "--pretty=none", "--print=hb", f":{server.port}/orders",
         f"menuId={menu}", "menuNm=Gimbab", "qty=1"],
        capture_output=True, text=True, timeout=60, check=False)
    headers, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
    assert headers.startswith("HTTP/1.1 201 Created")
    location = re.search(r"^Location: (http://order:8080/orders/\d+)$", headers, re.M)
    assert location, headers
    assert re.search(r"^Content-Type: application/json\b", headers, re.M), headers
    order = json.loads(body)
    assert order.pop("_links")["self"]["href"] == location.group(1)
    assert order == {"menuId": menu, "menuNm": "Gimbab", "qty": 1, "status": "ordered",
                     "deliveryStatus": None, "deliveryId": None}


def test_an_order_of_only_a_menu_id_is_completed_from_the_menu(api, menu):
    """The seed leaves menuNm and qty null; here the menu gives the name, and one is ordered."""
    answer = api.post("/orders", {"menuId": str(menu)})
    assert answer.status_code == 201, describe(answer)
    assert (answer.json()["menuId"], answer.json()["menuNm"], answer.json()["qty"]) == (menu, "Gimbab", 1)


def started(api, menu):
    order_id = api.order(menu)
    return order_id, api.await_order(order_id, deliveryStatus="started")["deliveryId"]


def test_cancelling_changes_order_delivery_and_mypage(api, menu):
    order_id, delivery_id = started(api, menu)
    answer = api.patch(f"/orders/{order_id}", {"status": "cancel"})
    assert answer.status_code == 200, describe(answer)
    assert (answer.json()["status"], answer.json()["deliveryStatus"]) == ("cancel", "cancelled")
    assert api.read(f"/deliveries/{delivery_id}")["status"] == "cancelled"
    api.await_mypage(order_id, status="cancel", deliveryStatus="cancelled")


def test_completing_a_delivery_reaches_order_and_mypage(api, menu):
    order_id, delivery_id = started(api, menu)
    answer = api.patch(f"/deliveries/{delivery_id}", {"status": "complete"})
    assert answer.status_code == 200, describe(answer)
    api.await_order(order_id, deliveryStatus="complete")
    api.await_mypage(order_id, deliveryStatus="complete")


def test_the_menu_list_has_the_seeds_links_and_page_block(api, launch):
    fresh = launch(*SEED_MODE).api
    fresh.menu("Gimbab")
    fresh.menu("Juice")
    menus = fresh.read("/menus")
    assert [menu["menuNm"] for menu in menus["_embedded"]["menus"]] == ["Gimbab", "Juice"]
    assert menus["_links"]["self"] == {"href": "http://menu:8080/menus{?page,size,sort}", "templated": True}
    assert menus["_links"]["profile"] == {"href": "http://menu:8080/profile/menus"}
    assert menus["page"] == {"size": 20, "totalElements": 2, "totalPages": 1, "number": 0}


def test_mypages_have_no_page_block_and_three_links(api):
    mypages = api.read("/mypages")
    assert "page" not in mypages
    assert {rel: link["href"] for rel, link in mypages["_links"].items()} == {
        "self": "http://mypage:8080/mypages",
        "profile": "http://mypage:8080/profile/mypages",
        "search": "http://mypage:8080/mypages/search",
    }


def test_health_is_up_and_down_on_demand(launch):
    api = launch("--management.demo-endpoints", "true").api
    assert api.await_up()["status"] == "UP"
    down = api.put("/actuator/down")
    assert (down.status_code, down.json()) == (200, {"status": "DOWN"})
    health = api.get("/actuator/health")
    assert (health.status_code, health.json()["status"]) == (503, "DOWN")
    api.put("/actuator/up")
    assert api.read("/actuator/health")["status"] == "UP"


def test_a_location_through_the_gateway_names_the_service_and_its_id_works_here(api, menu):
    location = api.post("/orders", {"menuId": menu}).headers["Location"]
    assert location.startswith("http://order:8080/orders/")
    eventually(lambda: api.get(f"/orders/{id_in(location)}").status_code == 200)
