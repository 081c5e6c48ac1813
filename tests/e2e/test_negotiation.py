"""Accept and Content-Type: which form an answer has, and which requests are refused."""
import pytest

from harness.api import assert_problem, describe

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def menus(api):
    return [api.menu("Gimbab"), api.menu("Juice")]


@pytest.mark.parametrize("accept, media", [
    (None, "application/hal+json"),
    ("*/*", "application/hal+json"),
    ("application/*", "application/hal+json"),
    ("application/hal+json", "application/hal+json"),
    ("application/json, */*", "application/json"),
    ("application/json;q=0.5, application/hal+json", "application/hal+json"),
    ("text/plain;q=0.1, application/json", "application/json"),
    (BROWSER, "application/hal+json"),
])
def test_the_media_type_follows_accept(api, menus, accept, media):
    for path in ("/menus", f"/menus/{menus[0]}"):
        answer = api.get(path, headers={"Accept": accept})
        assert answer.status_code == 200, describe(answer)
        assert answer.headers["Content-Type"].split(";")[0] == media
        assert "_links" in answer.json()


@pytest.mark.parametrize("accept", ["application/schema+json", "image/png", "text/csv", "application/json;q=0"])
def test_what_cannot_be_given_is_406(api, menus, accept):
    assert api.get("/menus", headers={"Accept": accept}).status_code == 406


def test_a_post_whose_answer_nobody_wants_is_refused_before_it_acts(api, menus):
    before = api.read("/menus")["page"]["totalElements"]
    answer = api.post("/menus", {"menuNm": "X"}, headers={"Accept": "image/png"})
    assert answer.status_code == 406, describe(answer)
    assert api.read("/menus")["page"]["totalElements"] == before


def test_the_compact_form_has_only_links(api, menus):
    answer = api.get("/menus", headers={"Accept": "application/x-spring-data-compact+json"})
    assert answer.status_code == 200, describe(answer)
    compact = answer.json()
    assert not any(compact.get("_embedded", {}).values())
    assert "Gimbab" not in answer.text
    assert [link["href"] for link in compact["_links"]["menu"]] == [f"{api.base_url}/menus/{menu}" for menu in menus]


def test_a_uri_list_has_one_link_a_line(api, menus):
    answer = api.get("/menus", headers={"Accept": "text/uri-list"})
    assert answer.headers["Content-Type"].startswith("text/uri-list")
    assert answer.text.split() == [f"{api.base_url}/menus/{menu}" for menu in menus]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_a_post_of_another_type_is_415_and_tells_which_would_do(api, content_type):
    answer = api.post("/menus", data="menuNm=X", headers={"Content-Type": content_type})
    assert_problem(answer, 415)
    assert "application/json" in answer.headers["Accept-Post"]


def test_a_problem_is_json_also_for_a_browser(api):
    answer = api.get("/nothing", headers={"Accept": BROWSER})
    assert_problem(answer, 404)


def test_a_problem_has_the_seeds_fields_and_the_path(api):
    problem = assert_problem(api.get("/nothing?x=1"), 404)
    assert (problem["status"], problem["error"], problem["path"]) == (404, "Not Found", "/nothing")
