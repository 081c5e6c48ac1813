"""ETag, If-Match and If-None-Match on every item, as RFC 9110 section 13 has them."""
import pytest

from harness.api import describe


@pytest.fixture
def menu(api):
    return api.menu("Gimbab", price=100)


def tag_of(api, path):
    return api.get(path).headers["ETag"]


def test_the_etag_is_the_version_in_quotes_everywhere(api, menu):
    order = api.started_order(menu)
    for path in (f"/menus/{menu}", f"/orders/{order['orderId']}", f"/deliveries/{order['deliveryId']}",
                 f"/payments/{order['paymentId']}"):
        answer = api.get(path)
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"', path
        assert api.head(path).headers["ETag"] == answer.headers["ETag"]
    row = api.await_mypage(order["orderId"], paymentStatus="paid", deliveryStatus="started")
    answer = api.get(row["_links"]["self"]["href"])
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'


def test_a_write_answers_the_new_etag_and_each_change_a_higher_one(api, menu):
    created = api.post("/menus", {"menuNm": "X"})
    assert created.headers["ETag"] == f'"{created.json()["version"]}"'
    changed = api.patch(created.headers["Location"], {"menuNm": "Y"})
    assert changed.headers["ETag"] == f'"{changed.json()["version"]}"'
    assert changed.json()["version"] > created.json()["version"]


def test_get_with_a_matching_if_none_match_is_304_without_a_body(api, menu):
    path = f"/menus/{menu}"
    tag = tag_of(api, path)
    for field in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = api.get(path, headers={"If-None-Match": field})
        assert (answer.status_code, answer.content) == (304, b""), f"{field}: {describe(answer)}"
        assert answer.headers["ETag"] == tag


def test_get_with_another_if_none_match_is_200(api, menu):
    for field in ('"999"', '"other", W/"another"'):
        assert api.get(f"/menus/{menu}", headers={"If-None-Match": field}).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_write_with_a_stale_if_match_is_412_and_changes_nothing(api, menu, method):
    path = f"/menus/{menu}"
    tag = tag_of(api, path)
    for field in ('"999"', f"W/{tag}", '"a", "b"'):
        answer = api.request(method, path, json={"menuNm": "New"}, headers={"If-Match": field})
        assert answer.status_code == 412, f"{field}: {describe(answer)}"
    assert api.get(path).headers["ETag"] == tag


@pytest.mark.parametrize("form", ["{tag}", '"999", {tag}', "*"])
@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_write_with_a_matching_if_match_goes_through(api, menu, method, form):
    path = f"/menus/{menu}"
    field = form.format(tag=tag_of(api, path))
    answer = api.request(method, path, json={"menuNm": "New"}, headers={"If-Match": field})
    assert answer.status_code in (200, 204), describe(answer)


def test_two_writers_with_one_etag_have_one_winner(api, menu):
    path = f"/menus/{menu}"
    tag = tag_of(api, path)
    first = api.patch(path, {"menuNm": "First"}, headers={"If-Match": tag})
    second = api.patch(path, {"menuNm": "Second"}, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert api.read(path)["menuNm"] == "First"


def test_a_stale_cancel_is_412_and_a_fresh_one_200(api, menu):
    order = api.started_order(menu)
    path = f"/orders/{order['orderId']}"
    assert api.patch(path, {"status": "cancel"}, headers={"If-Match": '"0"'}).status_code == 412
    assert api.read(path)["status"] == "ordered"
    assert api.read(f"/deliveries/{order['deliveryId']}")["status"] == "started"
    fresh = api.patch(path, {"status": "cancel"}, headers={"If-Match": tag_of(api, path)})
    assert fresh.status_code == 200, describe(fresh)
