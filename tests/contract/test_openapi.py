"""api/openapi/baedal.yaml against the running server, both ways round.

Method: every operation is sent with the examples the document gives, and then provoked: with an
unknown id, with a media type nobody has, with a stale If-Match, with a broken body. Status, content
type, headers and body must be documented ones. Then the other way: what the server allows, what its
links lead to and what its sources add to a router must be in the document.
"""
import re

import pytest
import requests

from harness.api import describe
from harness.command import ROOT
from openapi_document import Document, Operation

DOCUMENT = Document()
OPERATIONS = DOCUMENT.operations()
UNKNOWN_ID = 999_999_999
STREAM = "/stream"  # answers that do not end
# Where the example asks for something that is not there on a healthy server; there is no login on an open one.
ANSWERS_404 = {"POST /actuator/outbox/{service}/park/{seq}", "POST /login", "POST /refresh"}


def path_for_example(story, operation, path):
    """The example's path, or that of a new thing where the example can be done only once."""
    if operation == Operation("DELETE", "/menus/{id}"):
        return f"/menus/{story.api.menu('Tea')}"
    if operation.path == "/deliveries/{id}" and operation.method in ("PATCH", "PUT"):
        return f"/deliveries/{story.api.started_order(story.menu_id)['deliveryId']}"
    return path


def first_piece(answer):
    """Of an answer that goes on for ever, what comes at once."""
    answer._content = next(answer.iter_content(None), b"")
    answer.close()
    return answer


def send(api, operation, path, media=None, body=None, **headers):
    """One request; `body` may be text that is no JSON."""
    options = {"headers": {"Accept": "*/*", **headers}}
    if media:
        options["headers"]["Content-Type"] = media
    if isinstance(body, str):
        options["data"] = body.encode()
    elif body is not None:
        options["json"] = body
    if operation.path.endswith(STREAM):
        return first_piece(api.request(operation.method, path, stream=True, **options))
    return api.request(operation.method, path, **options)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_documents_examples_are_answered_as_documented(story, operation):
    path, bodies = DOCUMENT.request_of(operation)
    for media, body in bodies.items() or [(None, None)]:
        answer = send(story.api, operation, path_for_example(story, operation, path), media, body)
        DOCUMENT.check_answer(operation, answer)
        if str(operation) in ANSWERS_404:
            assert answer.status_code == 404, describe(answer)
        else:
            assert answer.status_code < 300, describe(answer)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "{id}" in o.path and not o.path.startswith("/actuator")], ids=str)
def test_an_unknown_id_is_answered_as_documented(story, operation):
    path, bodies = DOCUMENT.request_of(operation)
    media, body = next(iter(bodies.items()), (None, None))
    answer = send(story.api, operation, path.replace("/1", f"/{UNKNOWN_ID}"), media, body)
    assert answer.status_code == 404, describe(answer)
    DOCUMENT.check_answer(operation, answer)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if 406 in DOCUMENT.statuses(o)], ids=str)
def test_an_accept_that_cannot_be_met_is_answered_as_documented(story, operation):
    path, bodies = DOCUMENT.request_of(operation)
    media, body = next(iter(bodies.items()), (None, None))
    answer = send(story.api, operation, path, media, body, Accept="image/png")
    assert answer.status_code == 406, describe(answer)
    DOCUMENT.check_answer(operation, answer)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if 412 in DOCUMENT.statuses(o)], ids=str)
def test_a_stale_if_match_is_answered_as_documented(story, operation):
    path, bodies = DOCUMENT.request_of(operation)
    for media, body in bodies.items() or [(None, None)]:
        answer = send(story.api, operation, path, media, body, **{"If-Match": '"987654"'})
        assert answer.status_code == 412, describe(answer)
        DOCUMENT.check_answer(operation, answer)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "requestBody" in DOCUMENT.of(o)], ids=str)
def test_a_broken_body_and_an_unknown_type_are_answered_as_documented(story, operation):
    path, bodies = DOCUMENT.request_of(operation)
    for media in bodies:
        answer = send(story.api, operation, path, media, '{"menuNm" : ')
        assert answer.status_code == 400, describe(answer)
        DOCUMENT.check_answer(operation, answer)
    if 415 in DOCUMENT.statuses(operation):
        answer = send(story.api, operation, path, "text/csv", "a,b")
        assert answer.status_code == 415, describe(answer)
        DOCUMENT.check_answer(operation, answer)


def test_what_the_state_refuses_is_answered_as_documented(story):
    operation = Operation("PATCH", "/orders/{id}")
    answer = send(story.api, operation, f"/orders/{story.delivered_id}", "application/json", {"status": "cancel"})
    assert answer.status_code == 409, describe(answer)
    assert answer.json()["order"]["deliveryStatus"] == "complete"
    DOCUMENT.check_answer(operation, answer)


def test_an_unchanged_item_is_answered_as_documented(story):
    operation = Operation("GET", "/orders/{id}")
    tag = story.api.get("/orders/1").headers["ETag"]
    answer = send(story.api, operation, "/orders/1", **{"If-None-Match": tag})
    assert answer.status_code == 304
    DOCUMENT.check_answer(operation, answer)


def test_every_row_of_the_story_fits_its_schema(story):
    for collection, schema in (("menus", "Menu"), ("orders", "Order"), ("payments", "Payment"), ("deliveries", "Delivery")):
        for row in story.api.every(collection):
            DOCUMENT.check({"$ref": f"#/components/schemas/{schema}"}, row, collection)
    for row in story.api.read("/mypages")["_embedded"]["mypages"]:
        DOCUMENT.check({"$ref": "#/components/schemas/Mypage"}, row, "mypages")


@pytest.mark.parametrize("path", sorted(DOCUMENT.root["paths"]))
def test_the_server_allows_what_the_document_says(story, path):
    concrete, _ = DOCUMENT.request_of(next(o for o in OPERATIONS if o.path == path))
    answer = story.api.options(concrete.split("?")[0])
    assert answer.status_code == 200, describe(answer)
    documented = {o.method for o in OPERATIONS if o.path == path} | {"OPTIONS"}
    if path.startswith(("/actuator", "/livez", "/readyz")) and "GET" in documented:
        documented.add("HEAD")  # said once, in the introduction
        allowed = set(answer.headers["Allow"].split(",")) | {"HEAD"}
    else:
        allowed = set(answer.headers["Allow"].split(","))
    assert allowed == documented


def template_of(path):
    """The documented path that `path` is; None when there is none."""
    for documented in sorted(DOCUMENT.root["paths"], key=lambda text: text.count("{")):
        pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(documented))
        if re.fullmatch(pattern, path):
            return documented
    return None


def links_of(value):
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "href":
                yield part
            else:
                yield from links_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from links_of(part)


def test_the_entrance_links_to_both_documents_and_they_are_those_of_this_checkout(story):
    links = requests.utils.parse_header_links(story.api.get("/").headers["Link"])
    assert [(link["rel"], link["title"]) for link in links] == [("service-desc", "OpenAPI"), ("service-desc", "AsyncAPI")]
    for link, (version, file) in zip(links, (("openapi: 3.1", "openapi/baedal.yaml"), ("asyncapi: 3.0", "asyncapi.yaml"))):
        answer = story.api.get(link["url"], headers={"Accept": "*/*"})
        assert answer.status_code == 200, describe(answer)
        assert answer.headers["Content-Type"] == link["type"] == "application/yaml"
        assert answer.text.startswith(version)
        assert answer.content == (ROOT / "api" / file).read_bytes()
        # What it leads to is served beside it.
        for name in set(re.findall(r"\$ref: '?(?:\./)?(events/[\w.]+\.json)", answer.text)):
            assert story.api.get(f"/api/{name}").headers["Content-Type"] == "application/schema+json", name


def test_every_link_leads_to_a_documented_path(story):
    base = story.server.base_url
    waiting, seen = ["/", "/profile", "/actuator"], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = story.api.get(path)
        if answer.status_code != 200 or "json" not in answer.headers["Content-Type"]:
            continue
        for link in links_of(answer.json()):
            found = re.sub(r"\{\?.*\}$", "", link.removeprefix(base)).split("?")[0]
            found = found.replace("{*path}", "liveness").replace("{requiredMetricName}", "x").replace("{name}", "ROOT")
            assert template_of(found), f"{path} links to {link}, which the document does not know"
            if found not in seen and found not in waiting and not found.endswith(STREAM):
                waiting.append(found)
    assert {"/orders", "/mypages/search", "/orders/1", "/profile/menus"} <= seen


# router.add(Method::kGet, "/path", …) and the helpers of the actuator.
ADDED = re.compile(r"\b(?:router\.add\(\s*(?:http::)?Method::k(\w+),\s*|get\(router,\s*|on\(router,\s*(?:http::)?Method::k(\w+),\s*)"
                   r"(\"[^\"]*\"|[A-Za-z_]\w*)")


def test_every_route_the_sources_add_is_documented():
    checked = 0
    for source in sorted((ROOT / "src").rglob("*.cpp")):
        # The hypermedia controller makes its routes from the resource types: the links above see them.
        if source.name.endswith(("_test.cpp", "_bench.cpp")) or source.name in ("controller.cpp", "controller_search.cpp"):
            continue
        text = source.read_text(encoding="utf-8")
        for match in ADDED.finditer(text):
            pattern = match.group(3)
            if not pattern.startswith('"'):
                constant = re.search(rf"\b{pattern} = (\"[^\"]+\");", text)
                if pattern == "pattern" and source.name == "actuator.cpp":
                    continue  # the helper itself
                assert constant, f"{source.name}: a route is added by {pattern}: write it so that this test can read it"
                pattern = constant.group(1)
            method = (match.group(1) or match.group(2) or "Get").upper()
            documented = {o.path for o in OPERATIONS if o.method == method}
            assert pattern.strip('"') in documented, f"{source.name} adds {method} {pattern}, which the document does not know"
            checked += 1
    assert checked > 20
