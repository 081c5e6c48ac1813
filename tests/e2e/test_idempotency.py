"""Idempotency-Key on every POST and PATCH: exactly once, whatever the client repeats."""
import concurrent.futures
import uuid

import pytest

from harness.api import assert_problem, describe
from harness.invariants import check_everything
from harness.waiting import eventually


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab", price=4500)


def new_key():
    return {"Idempotency-Key": str(uuid.uuid4())}


def test_a_replay_gives_the_first_answer_and_says_so(api, menu):
    key = new_key()
    first = api.post("/orders", {"menuId": menu, "qty": 2}, headers=key)
    again = api.post("/orders", {"menuId": menu, "qty": 2}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201), describe(again)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


def test_without_a_key_every_post_is_a_new_order(api, menu):
    assert api.order(menu) != api.order(menu)


def test_fifty_parallel_posts_with_one_key_make_one_order_and_one_payment(api, menu):
    key = new_key()

    def post(_):
        """409 says that the first is still running: the client asks again."""
        def answered():
            answer = api.post("/orders", {"menuId": menu}, headers=key)
            if answer.status_code == 409:
                assert int(answer.headers["Retry-After"]) >= 0
                return None
            return answer
        return eventually(answered)

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(post, range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    order_id = answers[0].json()["orderId"]
    api.await_order(order_id, paymentStatus="paid")
    assert len([p for p in api.every("payments") if p["orderId"] == order_id]) == 1
    check_everything(api)


@pytest.mark.parametrize("other", [{"qty": 3}, {"menuId": 987654}, {"paymentToken": "tok_decline"}])
def test_another_body_with_a_used_key_is_422(api, menu, other):
    key = new_key()
    body = {"menuId": menu, "qty": 2}
    assert api.post("/orders", body, headers=key).status_code == 201
    assert_problem(api.post("/orders", body | other, headers=key), 422)


def test_one_key_at_two_places_is_two_keys(api, menu):
    key = new_key()
    assert api.post("/menus", {"menuNm": "Juice"}, headers=key).status_code == 201
    answer = api.post("/orders", {"menuId": menu}, headers=key)
    assert answer.status_code == 201, describe(answer)
    assert "Idempotent-Replayed" not in answer.headers


def test_a_replayed_cancel_gives_the_first_answer(api, menu):
    order = api.started_order(menu)
    key = new_key()
    path = f"/orders/{order['orderId']}"
    first = api.patch(path, {"status": "cancel"}, headers=key)
    api.await_order(order["orderId"], paymentStatus="refunded")
    again = api.patch(path, {"status": "cancel"}, headers=key)
    assert (first.status_code, again.status_code) == (200, 200), describe(again)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_replayed_complete_gives_the_first_answer(api, menu):
    order = api.started_order(menu)
    key = new_key()
    path = f"/deliveries/{order['deliveryId']}"
    first = api.patch(path, {"status": "complete"}, headers=key)
    again = api.patch(path, {"status": "complete"}, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == first.content


def test_a_refused_request_does_not_use_up_its_key(api, menu):
    key = new_key()
    assert api.post("/orders", {"menuId": menu, "qty": 0}, headers=key).status_code == 400
    answer = api.post("/orders", {"menuId": menu, "qty": 1}, headers=key)
    assert answer.status_code == 201, describe(answer)


@pytest.mark.parametrize("key", ["k", "k" * 255, "a key with blanks!".replace(" ", "-"), "~!@#$%^&*()"])
def test_any_visible_key_up_to_255_characters_will_do(api, menu, key):
    headers = {"Idempotency-Key": key}
    assert api.post("/orders", {"menuId": menu}, headers=headers).status_code == 201
    assert api.post("/orders", {"menuId": menu}, headers=headers).headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["k" * 256, "k" * 5000, ""])
def test_a_malformed_key_is_400_and_makes_nothing(api, menu, key):
    before = api.read("/orders")["page"]["totalElements"]
    assert_problem(api.post("/orders", {"menuId": menu}, headers={"Idempotency-Key": key}), 400)
    assert api.read("/orders")["page"]["totalElements"] == before


def test_a_key_outlives_a_crash(launch):
    server = launch()
    api = server.api
    menu = api.menu("Gimbab")
    key = new_key()
    first = api.post("/orders", {"menuId": menu}, headers=key).json()
    server.kill()
    server.start()
    again = server.api.post("/orders", {"menuId": menu}, headers=key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["orderId"] == first["orderId"]
    check_everything(server.api, [first["orderId"]])
