"""One resource: its fields, headers, methods, and what a request body may look like."""
import pytest

from harness.api import assert_problem, describe

ORDER_FIELDS = ["orderId", "menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId", "amount",
                "currency", "paymentId", "paymentStatus", "version", "createdAt", "updatedAt"]


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab", price=4500)


def test_an_order_has_all_its_fields(api, menu):
    answer = api.post("/orders", {"menuId": menu, "qty": 2})
    order = answer.json()
    assert set(order) == {*ORDER_FIELDS, "_links"}
    assert (order["amount"], order["currency"], order["paymentId"], order["paymentStatus"]) == (9000, "KRW", None, None)
    assert answer.headers["Location"] == f"{api.base_url}/orders/{order['orderId']}"
    assert order["_links"] == {"self": {"href": answer.headers["Location"]},
                               "order": {"href": answer.headers["Location"]}}
    assert list(order)[-1] == "_links"


def test_delivery_payment_and_mypage_have_their_fields(api, menu):
    order = api.started_order(menu)
    delivery = api.read(f"/deliveries/{order['deliveryId']}")
    assert {"orderId", "status", "version", "createdAt", "updatedAt"} <= set(delivery)
    payment = api.read(f"/payments/{order['paymentId']}")
    assert {"paymentId", "orderId", "amount", "currency", "status", "version"} <= set(payment)
    row = api.await_mypage(order["orderId"], deliveryStatus="started")
    assert {"orderId", "menuId", "menuNm", "deliveryId", "qty", "status", "deliveryStatus", "amount",
            "currency", "paymentId", "paymentStatus"} <= set(row)
    assert set(delivery["_links"]) == {"self", "delivery", "claim"}
    assert set(payment["_links"]) == {"self", "payment"}
    assert set(row["_links"]) == {"self", "mypage", "stream", "events"}


def test_times_are_utc_and_do_not_run_backwards(api, menu):
    order = api.started_order(menu)
    assert order["createdAt"].endswith("Z") and order["updatedAt"].endswith("Z")
    assert order["createdAt"] <= order["updatedAt"]


def test_without_accept_a_post_answers_201_without_a_body(api, menu):
    answer = api.post("/orders", {"menuId": menu}, headers={"Accept": None})
    assert (answer.status_code, answer.content) == (201, b""), describe(answer)
    assert answer.headers["Location"].startswith(f"{api.base_url}/orders/")


def test_without_accept_a_patch_answers_204(api, menu):
    answer = api.patch(f"/orders/{api.order(menu)}", {"status": "cancel"}, headers={"Accept": None})
    assert (answer.status_code, answer.content) == (204, b""), describe(answer)


@pytest.mark.parametrize("path", ["/orders/999999", "/orders/abc", "/orders/-1", "/orders/0", "/orders/1.5",
                                  "/orders/99999999999999999999999", "/menus/999999", "/deliveries/x",
                                  "/payments/999999", "/mypages/999999"])
def test_what_is_not_there_is_404(api, path):
    for method in ("GET", "HEAD"):
        assert api.request(method, path).status_code == 404, f"{method} {path}"


def test_changing_what_is_not_there_is_404(api):
    assert api.patch("/orders/999999", {"status": "cancel"}).status_code == 404
    assert api.patch("/deliveries/999999", {"status": "complete"}).status_code == 404
    assert api.patch("/menus/999999", {"menuNm": "X"}).status_code == 404
    assert api.delete("/menus/999999").status_code == 404


def test_head_of_an_item_is_204_with_links(api, menu):
    answer = api.head(f"/menus/{menu}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert f'<{api.base_url}/menus/{menu}>' in answer.headers["Link"]
    assert 'rel="self"' in answer.headers["Link"].replace(" ", "")
    assert answer.headers["ETag"]


READ = {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("path, has, has_not", [
    ("/menus/1", READ | {"PATCH", "PUT", "DELETE"}, {"POST"}),
    ("/orders/1", READ | {"PATCH"}, {"POST", "DELETE"}),
    ("/deliveries/1", READ | {"PATCH"}, {"POST", "DELETE"}),
    ("/payments/1", READ, {"POST", "PATCH", "PUT", "DELETE"}),
    ("/mypages/1", READ, {"POST", "PATCH", "PUT", "DELETE"}),
])
def test_options_of_an_item_names_its_methods_and_patch_formats(api, path, has, has_not):
    answer = api.options(path)
    assert answer.status_code in (200, 204), describe(answer)
    allowed = set(answer.headers["Allow"].replace(" ", "").split(","))
    assert has <= allowed and not has_not & allowed
    if "PATCH" in has:
        assert set(answer.headers["Accept-Patch"].replace(" ", "").split(",")) == {
            "application/merge-patch+json", "application/json-patch+json", "application/json"}


@pytest.mark.parametrize("method, path", [
    ("DELETE", "/orders/1"), ("POST", "/orders/1"), ("DELETE", "/deliveries/1"), ("PATCH", "/payments/1"),
    ("DELETE", "/payments/1"), ("PATCH", "/mypages/1"), ("DELETE", "/mypages/1"), ("BREW", "/orders/1")])
def test_a_method_an_item_does_not_have_is_405_with_allow(api, method, path):
    answer = api.request(method, path, json={})
    assert answer.status_code in ((405,) if method != "BREW" else (405, 501)), describe(answer)
    assert answer.status_code == 501 or method not in answer.headers["Allow"].replace(" ", "").split(",")


def test_a_menu_is_deleted_once_and_its_orders_stay(api):
    menu = api.menu("Short-lived")
    order = api.started_order(menu)
    answer = api.delete(f"/menus/{menu}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"/menus/{menu}").status_code == 404
    assert api.delete(f"/menus/{menu}").status_code == 404
    assert api.read(f"/orders/{order['orderId']}")["menuNm"] == "Short-lived"


def test_a_put_replaces_a_menu_whole(api):
    menu = api.menu("Old", price=100, soldOut=True)
    answer = api.put(f"/menus/{menu}", {"menuNm": "New"})
    assert answer.status_code == 200, describe(answer)
    replaced = api.read(f"/menus/{menu}")
    assert (replaced["menuNm"], replaced["price"], replaced["soldOut"]) == ("New", None, False)


def test_a_put_to_a_menu_that_is_not_there_makes_no_other(api):
    before = api.read("/menus")["page"]["totalElements"]
    answer = api.put("/menus/987654", {"menuNm": "New"})
    assert answer.status_code in (201, 404, 405), describe(answer)
    if answer.status_code == 201:
        assert answer.headers["Location"].endswith("/menus/987654")
    else:
        assert api.read("/menus")["page"]["totalElements"] == before


# What clients of the seed send, and Jackson made of it.

@pytest.mark.parametrize("sent, kept", [("3", 3), (3, 3), (2.7, 2), ("", 1), (None, 1)])
def test_a_quantity_is_read_as_the_seed_reads_it(api, menu, sent, kept):
    assert api.read(f"/orders/{api.order(menu, qty=sent)}")["qty"] == kept


def test_a_menu_id_may_be_text(api, menu):
    order = api.read(f"/orders/{api.order(str(menu))}")
    assert order["menuId"] == menu


def test_a_number_becomes_text_where_text_is_meant(api):
    assert api.read(f"/menus/{api.menu(42)}")["menuNm"] == "42"


def test_unknown_members_and_ids_in_the_body_are_ignored(api, menu):
    answer = api.post("/orders", {"menuId": menu, "id": 77777, "orderId": 88888, "surprise": [1, {"x": None}],
                                  "status": "cancel", "deliveryStatus": "complete", "amount": 1})
    assert answer.status_code == 201, describe(answer)
    order = answer.json()
    assert (order["status"], order["deliveryStatus"], order["amount"]) == ("ordered", None, 4500)
    assert order["orderId"] not in (77777, 88888)


@pytest.mark.parametrize("name", ["김밥", "🍙 Onigiri", "Crème brûlée", 'quo"te \\ slash', "x" * 100, "한" * 100])
def test_a_menu_name_may_be_any_script(api, name):
    assert api.read(f"/menus/{api.menu(name)}")["menuNm"] == name


@pytest.mark.parametrize("menu, property", [
    ({}, "menuNm"), ({"menuNm": None}, "menuNm"), ({"menuNm": ""}, "menuNm"), ({"menuNm": "x" * 101}, "menuNm"),
    ({"menuNm": ["x"]}, "menuNm"), ({"menuNm": "X", "price": -1}, "price"),
    ({"menuNm": "X", "price": "dear"}, "price"), ({"menuNm": "X", "price": 1, "currency": "won"}, "currency"),
    ({"menuNm": "X", "price": 10**19}, "price"), ({"menuNm": "X", "soldOut": "perhaps"}, "soldOut")])
def test_a_bad_menu_is_400_and_names_the_field(api, menu, property):
    problem = assert_problem(api.post("/menus", menu), 400)
    assert [error["property"] for error in problem["errors"]] == [property]


def test_menu_fields_have_their_defaults(api):
    menu = api.read(f"/menus/{api.menu('Plain', price=100)}")
    assert (menu["price"], menu["currency"], menu["soldOut"]) == (100, "KRW", False)


def test_a_sold_out_menu_cannot_be_ordered(api):
    menu = api.menu("Rare", soldOut=True)
    problem = assert_problem(api.post("/orders", {"menuId": menu}), 422)
    assert "sold" in problem["detail"].lower()


def test_an_order_keeps_name_and_price_of_its_moment(api):
    menu = api.menu("Then", price=100)
    order_id = api.order(menu, qty=2, menuNm="What the client calls it", price=1)
    api.patch(f"/menus/{menu}", {"menuNm": "Now", "price": 900})
    order = api.read(f"/orders/{order_id}")
    assert (order["menuNm"], order["amount"]) == ("Then", 200)


PRICE_MAX = 2**53 - 1  # what every JSON reader keeps exactly


def test_the_largest_amount_there_can_be_is_exact(api):
    menu = api.menu("Palace", price=PRICE_MAX)
    assert api.read(f"/orders/{api.order(menu, qty=999)}")["amount"] == 999 * PRICE_MAX


@pytest.mark.parametrize("price", [PRICE_MAX + 1, 2**63 - 1, 2**63, 10**30])
def test_a_price_that_could_overflow_an_amount_is_refused(api, price):
    assert_problem(api.post("/menus", {"menuNm": "Palace", "price": price}), 400)
