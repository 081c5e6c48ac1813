"""Lists as Spring Data REST gives them: paging, sorting, links, the page block.

Method: seven menus and three orders are made once; each test asks for one list.
"""
import urllib.parse

import pytest

from harness.api import describe, self_id


@pytest.fixture(scope="module")
def menus(api):
    """Ids of seven menus, in order of making."""
    return [api.menu(f"Menu {number}", price=price)
            for number, price in enumerate([500, 100, 700, 300, 200, 600, 400], 1)]


def ids(page, collection="menus"):
    return [self_id(item) for item in page["_embedded"][collection]]


def parameters(link):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(link["href"]).query)


def test_a_list_without_parameters_is_the_first_twenty_by_id(api, menus):
    page = api.read("/menus")
    assert ids(page) == menus
    assert page["page"] == {"size": 20, "totalElements": 7, "totalPages": 1, "number": 0}
    assert set(page["_links"]) == {"self", "profile"}
    assert page["_links"]["self"] == {"href": f"{api.base_url}/menus{{?page,size,sort}}", "templated": True}
    assert page["_links"]["profile"] == {"href": f"{api.base_url}/profile/menus"}
    assert list(page) == ["_embedded", "_links", "page"]


def test_a_middle_page_links_to_its_four_neighbours(api, menus):
    page = api.read("/menus?page=1&size=2")
    assert ids(page) == menus[2:4]
    assert page["page"] == {"size": 2, "totalElements": 7, "totalPages": 4, "number": 1}
    assert list(page["_links"]) == ["first", "prev", "self", "next", "last", "profile"]
    assert page["_links"]["self"] == {"href": f"{api.base_url}/menus?page=1&size=2"}
    followed = {rel: ids(api.read(page["_links"][rel]["href"])) for rel in ("first", "prev", "next", "last")}
    assert followed == {"first": menus[0:2], "prev": menus[0:2], "next": menus[4:6], "last": menus[6:7]}


def test_the_first_page_has_no_prev_and_the_last_no_next(api, menus):
    assert set(api.read("/menus?page=0&size=3")["_links"]) == {"first", "self", "next", "last", "profile"}
    assert set(api.read("/menus?page=2&size=3")["_links"]) == {"first", "prev", "self", "last", "profile"}


def test_a_sort_is_kept_in_every_link(api, menus):
    page = api.read("/menus?page=1&size=2&sort=id,desc")
    for rel in ("first", "prev", "next", "last"):
        if parameters(page["_links"][rel]).get("sort"):
            assert parameters(page["_links"][rel])["sort"] == ["id,desc"]


def test_following_next_gives_every_row_once(api, menus):
    assert [self_id(item) for item in api.every("menus", page_size=3)] == menus


@pytest.mark.parametrize("query", [
    "page=-1", "page=abc", "page=", "size=0", "size=-5", "size=abc", "size=", "sort=", "sort=nothing,desc",
    "sort=,desc", "page=0&size=20&sort=menuNm%00", "page=99999999999999999999", "unknown=1", "page", "&&&"])
def test_an_invalid_parameter_is_its_default_and_never_an_error(api, menus, query):
    answer = api.get(f"/menus?{query}")
    assert answer.status_code == 200, describe(answer)
    page = answer.json()
    assert page["page"]["size"] == 20
    if "999" not in query:
        assert ids(page) == menus


def test_a_page_past_the_end_is_empty_and_200(api, menus):
    page = api.read("/menus?page=50&size=2")
    assert page["_embedded"]["menus"] == []
    assert page["page"] == {"size": 2, "totalElements": 7, "totalPages": 4, "number": 50}


def test_a_size_above_a_thousand_becomes_a_thousand(api, menus):
    assert api.read("/menus?size=5000")["page"]["size"] == 1000
    assert api.read("/menus?size=1000")["page"]["size"] == 1000


def test_orders_sort_by_an_indexed_property_in_both_directions(api, menus):
    made = [api.order(menus[0]), api.order(menus[1]), api.order(menus[0])]
    down = ids(api.read("/orders?sort=orderId,desc"), "orders")
    up = ids(api.read("/orders?sort=orderId,ASC"), "orders")
    assert down == sorted(down, reverse=True) and up == sorted(up)
    assert set(made) <= set(up)


def test_sorting_by_quantity_works_as_the_seeds_clients_ask(api, menus):
    for quantity in (3, 1, 2):
        api.order(menus[0], qty=quantity)
    quantities = [order["qty"] for order in api.read("/orders?sort=qty,desc&size=1000")["_embedded"]["orders"]]
    assert quantities == sorted(quantities, reverse=True)


def test_an_empty_list_has_no_pages(launch):
    api = launch().api
    for collection in ("menus", "orders", "deliveries", "payments"):
        page = api.read(f"/{collection}")
        assert page["_embedded"] == {collection: []}
        assert page["page"] == {"size": 20, "totalElements": 0, "totalPages": 0, "number": 0}
    assert api.read("/mypages")["_embedded"] == {"mypages": []}


def test_head_of_a_list_is_204_with_links(api, menus):
    answer = api.head("/menus")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Link"].replace(" ", "") == (
        f'<{api.base_url}/menus>;rel="self",<{api.base_url}/profile/menus>;rel="profile"')


def test_options_of_a_list_names_its_methods(api):
    answer = api.options("/orders")
    assert answer.status_code in (200, 204), describe(answer)
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_lists_do_not_have_is_405(api, method):
    answer = api.request(method, "/orders", json={})
    assert answer.status_code == 405, describe(answer)
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_lists_are_pretty_printed_as_the_seeds(api, menus):
    text = api.get("/menus?size=2").text
    assert text.startswith('{\n  "_embedded" : {\n    "menus" : [ {\n      "menuNm" : "Menu 1",')
    assert "\n    }, {\n" in text and "\n    } ]\n" in text
