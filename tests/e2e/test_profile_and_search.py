"""What tells a client what there is: the root, the profiles (ALPS, JSON Schema), the searches."""
import pytest

from harness.api import describe

COLLECTIONS = {"menus": "menu", "orders": "order", "payments": "payment", "deliveries": "delivery",
               "mypages": "mypage"}


@pytest.fixture(scope="module")
def order(api):
    order = api.started_order(api.menu("Gimbab"))
    api.await_mypage(order["orderId"], deliveryStatus="started", paymentStatus="paid")
    return order


def test_the_root_links_to_every_collection(api):
    links = api.read("/", headers={"Accept": "application/hal+json"})["_links"]
    for collection in COLLECTIONS:
        assert links[collection]["href"].startswith(f"{api.base_url}/{collection}")
    assert links["orders"] == {"href": f"{api.base_url}/orders{{?page,size,sort}}", "templated": True}
    assert links["profile"]["href"] == f"{api.base_url}/profile"


def test_the_profile_links_to_every_profile(api):
    links = api.read("/profile")["_links"]
    assert links["self"]["href"] == f"{api.base_url}/profile"
    for collection in COLLECTIONS:
        assert links[collection]["href"] == f"{api.base_url}/profile/{collection}"


@pytest.mark.parametrize("collection, item", COLLECTIONS.items())
def test_a_profile_is_alps(api, collection, item):
    answer = api.get(f"/profile/{collection}")
    assert answer.headers["Content-Type"].split(";")[0] == "application/alps+json", describe(answer)
    alps = answer.json()["alps"]
    assert alps["version"] == "1.0"
    descriptors = {descriptor.get("id", descriptor.get("name")): descriptor for descriptor in alps["descriptor"]}
    representation = descriptors[f"{item}-representation"]
    assert representation["href"] == f"{api.base_url}/profile/{collection}"
    assert {"name": "status", "type": "SEMANTIC"} in representation["descriptor"] or item == "menu"
    assert descriptors[f"get-{collection}"]["type"] == "SAFE"
    assert ("create-orders" in descriptors) == (collection == "orders")


def test_a_profile_names_the_paging_parameters(api):
    alps = api.read("/profile/orders")["alps"]
    get = next(d for d in alps["descriptor"] if d.get("id") == "get-orders")
    assert [(d["name"], d["doc"]["value"]) for d in get["descriptor"]] == [
        ("page", "The page to return."),
        ("size", "The size of the page to return."),
        ("sort", "The sorting criteria to use to calculate the content of the page.")]


def test_a_profile_is_also_a_json_schema(api):
    answer = api.get("/profile/orders", headers={"Accept": "application/schema+json"})
    assert answer.headers["Content-Type"].split(";")[0] == "application/schema+json", describe(answer)
    schema = answer.json()
    assert (schema["title"], schema["type"]) == ("Order", "object")
    assert schema["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert schema["properties"]["menuId"]["type"] == "integer"
    assert schema["properties"]["status"]["type"] == "string"


def test_an_unknown_profile_is_404(api):
    assert api.get("/profile/dreams").status_code == 404


def test_mypages_link_to_their_searches(api):
    searches = api.read(api.read("/mypages")["_links"]["search"]["href"])["_links"]
    base = f"{api.base_url}/mypages/search"
    assert searches["self"] == {"href": base}
    assert searches["findByOrderId"] == {"href": f"{base}/findByOrderId{{?orderId}}", "templated": True}
    assert searches["findByDeliveryId"] == {"href": f"{base}/findByDeliveryId{{?deliveryId}}", "templated": True}
    assert searches["findByStatus"]["href"].startswith(f"{base}/findByStatus{{?status")


def test_mypage_is_found_by_order_and_by_delivery(api, order):
    by_order = api.read(f"/mypages/search/findByOrderId?orderId={order['orderId']}")
    by_delivery = api.read(f"/mypages/search/findByDeliveryId?deliveryId={order['deliveryId']}")
    assert by_order == by_delivery
    assert by_order["orderId"] == order["orderId"]
    assert api.read(by_order["_links"]["self"]["href"]) == by_order


def test_mypages_are_found_by_status(api, order):
    cancelled = api.order(order["menuId"])
    api.patch(f"/orders/{cancelled}", {"status": "cancel"})
    api.await_mypage(cancelled, status="cancel")
    for status, order_id in (("ordered", order["orderId"]), ("cancel", cancelled)):
        found = api.read(f"/mypages/search/findByStatus?status={status}")["_embedded"]["mypages"]
        assert order_id in [row["orderId"] for row in found]
        assert {row["status"] for row in found} == {status}
    assert api.read("/mypages/search/findByStatus?status=dreaming")["_embedded"]["mypages"] == []


@pytest.mark.parametrize("path", ["/mypages/search/findByOrderId?orderId=999999",
                                  "/mypages/search/findByDeliveryId?deliveryId=999999",
                                  "/payments/search/findByOrderId?orderId=999999",
                                  "/mypages/search/findByColour?colour=red", "/orders/search", "/menus/search"])
def test_a_search_without_a_hit_and_an_unknown_one_are_404(api, path):
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("query", ["", "?orderId=", "?orderId=abc", "?wrong=1"])
def test_a_search_without_its_parameter_is_a_clear_4xx(api, query):
    assert api.get(f"/mypages/search/findByOrderId{query}").status_code in (400, 404)


def test_head_and_options_of_searches(api):
    for path in ("/mypages/search", "/mypages/search/findByOrderId"):
        assert api.head(path).status_code == 204
        assert "GET" in api.options(path).headers["Allow"]
        assert api.post(path, {}).status_code == 405
