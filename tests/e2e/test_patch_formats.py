"""PATCH in its three formats: plain JSON and merge-patch (RFC 7396), JSON Patch (RFC 6902)."""
import json

import pytest

from harness.api import assert_problem, describe

MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"


@pytest.fixture
def menu(api):
    return f"/menus/{api.menu('Gimbab', price=100)}"


def send(api, path, body, content_type):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return api.patch(path, data=data, headers={"Content-Type": content_type})


@pytest.mark.parametrize("content_type", ["application/json", MERGE, "application/json; charset=utf-8"])
def test_only_the_members_that_are_sent_change(api, menu, content_type):
    answer = send(api, menu, {"menuNm": "New"}, content_type)
    assert answer.status_code == 200, describe(answer)
    assert (answer.json()["menuNm"], answer.json()["price"]) == ("New", 100)


@pytest.mark.parametrize("content_type", ["application/json", MERGE])
def test_null_removes_what_may_be_absent(api, menu, content_type):
    assert send(api, menu, {"price": None}, content_type).json()["price"] is None


def test_null_does_not_remove_what_is_required(api, menu):
    assert_problem(send(api, menu, {"menuNm": None}, MERGE), 400)
    assert api.read(menu)["menuNm"] == "Gimbab"


def test_an_empty_patch_changes_nothing(api, menu):
    before = api.read(menu)
    assert send(api, menu, {}, MERGE).status_code == 200
    assert api.read(menu)["menuNm"] == before["menuNm"]


def test_a_json_patch_tests_and_replaces(api, menu):
    answer = send(api, menu, [{"op": "test", "path": "/menuNm", "value": "Gimbab"},
                              {"op": "replace", "path": "/menuNm", "value": "New"},
                              {"op": "copy", "from": "/menuNm", "path": "/menuNm"},
                              {"op": "remove", "path": "/price"}], JSON_PATCH)
    assert answer.status_code == 200, describe(answer)
    assert (answer.json()["menuNm"], answer.json()["price"]) == ("New", None)


def test_a_json_patch_whose_test_fails_changes_nothing(api, menu):
    answer = send(api, menu, [{"op": "replace", "path": "/menuNm", "value": "New"},
                              {"op": "test", "path": "/price", "value": 999}], JSON_PATCH)
    assert_problem(answer, 409)
    assert api.read(menu)["menuNm"] == "Gimbab"


@pytest.mark.parametrize("patch", [
    {"menuNm": "an object"}, [{"op": "fly", "path": "/menuNm"}], [{"path": "/menuNm"}], ["text"],
    [{"op": "replace", "path": "menuNm", "value": "no slash"}], [{"op": "replace", "path": "/menuNm"}]])
def test_a_malformed_json_patch_is_400(api, menu, patch):
    assert_problem(send(api, menu, patch, JSON_PATCH), 400)
    assert api.read(menu)["menuNm"] == "Gimbab"


def test_an_order_is_cancelled_by_each_format(api):
    menu = api.menu("Gimbab")
    for content_type, body in [("application/json", {"status": "cancel"}), (MERGE, {"status": "cancel"}),
                               (JSON_PATCH, [{"op": "replace", "path": "/status", "value": "cancel"}])]:
        order_id = api.order(menu)
        answer = send(api, f"/orders/{order_id}", body, content_type)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancel"), describe(answer)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_another_format_is_415_and_tells_which_would_do(api, menu, content_type):
    answer = send(api, menu, "menuNm=New", content_type)
    assert_problem(answer, 415)
    assert "application/merge-patch+json" in answer.headers["Accept-Patch"]


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "{\"menuNm\": }", "null", "{} {}"])
def test_a_body_that_is_no_object_is_400(api, menu, body):
    assert_problem(send(api, menu, body, "application/json"), 400)
