"""From nothing to a system that serves, and the seed's own five lines on it."""
import json
import time

from conftest import apply_embedded
from harness.figures import figure
from harness.kubectl import eventually


def answer(text):
    """(status, body) of what `http --print=hb` shows."""
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    return int(head.split()[1]), json.loads(body)


def own_id(body):
    return int(body["_links"]["self"]["href"].rsplit("/", 1)[1])


def play_the_seeds_lines(system, host="gateway"):
    """The five lines of the seed, as they are but for the token; ids go on where the system stands."""
    status, menu = answer(system.http(f"{host}:8080/menus", "menuNm=Gimbab"))
    assert (status, menu["menuNm"]) == (201, "Gimbab")
    menu_id = own_id(menu)
    orders = []
    for _ in range(2):
        status, order = answer(system.http(f"{host}:8080/orders", f"menuId={menu_id}", "menuNm=Gimbab", "qty=1"))
        assert (status, order["qty"], order["status"]) == (201, 1, "ordered")
        orders.append(own_id(order))
        delivery = eventually(lambda: system.ask("GET", f"/orders/{orders[-1]}")[1]["deliveryId"], 60)
    first, second = orders
    status, done = answer(system.http("PATCH", f"{host}:8080/deliveries/{delivery}", "status=complete"))
    assert (status, done["status"], done["orderId"]) == (200, "complete", second)
    status, cancelled = answer(system.http("PATCH", f"{host}:8080/orders/{first}", "status=cancel"))
    assert (status, cancelled["status"], cancelled["deliveryStatus"]) == (200, "cancel", "cancelled")

    status, pages = answer(system.http(f"{host}:8080/mypages"))
    assert status == 200 and pages["_embedded"]["mypages"]

    def page(order):
        line = system.ask("GET", f"/mypages/{order}")[1]
        return line["status"], line["deliveryStatus"]
    eventually(lambda: (page(first), page(second)) == (("cancel", "cancelled"), ("ordered", "complete")), 60)
    status, refused = answer(system.http("PATCH", f"{host}:8080/orders/{second}", "status=cancel"))
    assert status == 409, refused  # delivered: the seed's own code would have cancelled it
    return menu_id, first, second


def test_embedded_serves_from_nothing_with_the_seeds_own_ids(embedded):
    begun = time.monotonic()
    apply_embedded(embedded)
    seconds = time.monotonic() - begun
    assert play_the_seeds_lines(embedded) == (1, 1, 2)
    figure("deploy", f"overlay `embedded`: from nothing to Ready in {seconds:.0f} s; the seed's five lines as in the seed",
           seconds=seconds)


def test_distributed_serves_the_seeds_lines_through_the_gateway_service(distributed):
    play_the_seeds_lines(distributed)
    service = distributed.read("get", "service", "gateway")
    assert (service["spec"]["type"], service["spec"]["ports"][0]["port"]) == ("LoadBalancer", 8080)
    others = [distributed.read("get", "service", role)["spec"]["type"]
              for role in ("menu", "order", "payment", "delivery", "mypage")]
    assert set(others) == {"ClusterIP"}, "the gateway alone is reached from outside"
    figure("deploy", "overlay `distributed`: the seed's five lines as in the seed")


def test_links_lead_an_outside_client_back_through_the_gateway(distributed):
    menu = distributed.ask("POST", "/menus", {"menuNm": "Juice"})[1]
    assert menu["_links"]["self"]["href"].startswith("http://gateway:8080/menus/")


def test_who_does_not_say_who_they_are_may_look_at_the_menu_and_no_more(distributed):
    # The gateway is one door, each service's own port another.
    for host in ("gateway", "order"):
        assert distributed.ask("GET", "/orders", host=host, token="")[0] == 401
        assert distributed.ask("POST", "/orders", {"menuId": 1, "qty": 1}, host=host, token="")[0] == 401
    assert distributed.ask("POST", "/deliveries/cancellations", {"orderId": 1}, host="delivery")[0] == 403, "nor an operator"
    assert distributed.ask("GET", "/menus", token="")[0] == 200
    assert distributed.ask("GET", "/actuator/loggers", host="payment", token="")[0] == 401
    figure("access", "without a token: 401 at the gateway and at a service's own port; the menu is everybody's")


def test_an_order_is_its_customers_alone(distributed):
    kim, lee = (distributed.token("customer", of=name) for name in ("kim", "lee"))
    menu = own_id(distributed.ask("POST", "/menus", {"menuNm": "Gimbab"})[1])
    status, order = distributed.ask("POST", "/orders", {"menuId": menu, "qty": 1}, token=kim)
    assert status == 201, order
    path = f"/orders/{order['orderId']}"
    assert [distributed.ask("GET", path, token=token)[0] for token in (kim, lee)] == [200, 404]
    assert distributed.ask("POST", "/menus", {"menuNm": "Juice"}, token=kim)[0] == 403
    figure("access", "an order is 200 to the customer who placed it, 404 to another; a customer changes no menu")
