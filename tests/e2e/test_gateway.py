"""The gateway in one process: the seed's routes, links, and what it does with the unknown."""
import pytest

from harness.api import assert_problem

SEED_ROUTES = """
spring:
  cloud:
    gateway:
      routes:
        - id: order
          uri: http://order:8080
          predicates:
            - Path=/orders/**
        - id: delivery
          uri: http://delivery:8080
          predicates:
            - Path=/deliveries/** 
        - id: mypage
          uri: http://mypage:8080
          predicates:
            - Path= /mypages/**
        - id: menu
          uri: http://menu:8080
          predicates:
            - Path=/menus/** 
"""


@pytest.mark.parametrize("path", ["/menus", "/orders", "/deliveries", "/mypages", "/payments"])
def test_every_service_is_behind_one_address(api, path):
    assert api.get(path).status_code == 200
    assert api.get(path + "/").status_code in (200, 404)


@pytest.mark.parametrize("path", ["/nothing", "/menusx", "/order", "/orders/1/2/3", "/MENUS"])
def test_a_path_without_a_route_is_404(api, path):
    assert_problem(api.get(path), 404)


def test_the_seeds_own_yaml_loads_unchanged(launch, tmp_path):
    file = tmp_path / "application.yml"
    file.write_text(SEED_ROUTES)
    api = launch("--gateway.routes-file", file).api
    routes = {route["route_id"]: route["uri"] for route in api.read("/actuator/gateway/routes")}
    for name in ("order", "delivery", "mypage", "menu"):
        assert routes[name] == f"http://{name}:8080"
    order = api.started_order(api.menu("Gimbab"))
    api.await_mypage(order["orderId"], deliveryStatus="started")


def test_forwarding_headers_of_strangers_are_not_believed(api):
    menu = api.menu("Gimbab")
    for headers in ({"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example;proto=https"},
                    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/x"}):
        assert "evil.example" not in api.get(f"/menus/{menu}", headers=headers).text


def test_links_follow_the_host_the_client_used(api):
    menu = api.menu("Gimbab")
    answer = api.get(f"/menus/{menu}", headers={"Host": "baedal.example:9000"})
    assert answer.json()["_links"]["self"]["href"] == f"http://baedal.example:9000/menus/{menu}"


def test_links_follow_a_trusted_proxy(launch):
    api = launch("--http.trusted-proxies", "127.0.0.0/8").api
    menu = api.menu("Gimbab")
    for headers in ({"X-Forwarded-Host": "shop.example", "X-Forwarded-Proto": "https"},
                    {"Forwarded": 'proto=https;host="shop.example"'}):
        answer = api.get(f"/menus/{menu}", headers=headers)
        assert answer.json()["_links"]["self"]["href"] == f"https://shop.example/menus/{menu}"
