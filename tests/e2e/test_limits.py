"""Each bound of a request, set small, at its edge: the last that is taken and the first that is not.
The table of all of them is docs/limits.md.

Method: servers of this file with tight settings; requests over raw sockets where a client library
would not send them. Slow clients are in test_bad_input.py.
"""
import contextlib
import threading

import pytest

from harness.api import assert_problem, describe
from harness.raw_http import RawConnection, exchange
from harness.stand_in import StandIn, route, routes_file
from harness.waiting import eventually

HEAD_MAX, HEADERS_MAX, BODY_MAX, DEPTH_MAX, VALUES_MAX, PAGE_MAX = 2048, 10, 1024, 4, 12, 5
SERVER_FLAGS = ("--http.header-bytes-max", "2KiB", "--http.headers-max", HEADERS_MAX, "--http.body-bytes-max", "1KiB",
                "--http.json-depth-max", DEPTH_MAX, "--http.json-values-max", VALUES_MAX, "--http.page-size-max", PAGE_MAX)
JSON = {"Content-Type": "application/json"}


def get(path, *lines):
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: a", *lines, "", ""]).encode()


def test_the_size_of_a_head(server):
    bare = len(get("/menus", "X-A: "))
    assert exchange(server.port, get("/menus", "X-A: " + "x" * (HEAD_MAX - bare))) == 200
    assert exchange(server.port, get("/menus", "X-A: " + "x" * (HEAD_MAX - bare + 1))) == 431
    assert exchange(server.port, get("/menus?" + "x" * HEAD_MAX)) == 414


def test_the_number_of_headers(server):
    assert exchange(server.port, get("/menus", *["X-A: b"] * (HEADERS_MAX - 1))) == 200
    assert exchange(server.port, get("/menus", *["X-A: b"] * HEADERS_MAX)) == 431


@pytest.mark.parametrize("chunked", [False, True], ids=["known length", "chunked"])
def test_the_size_of_a_body(api, chunked):
    def sent(size):
        body = b'{"menuNm":"x"}'
        body += b" " * (size - len(body))
        return api.post("/menus", data=iter([body]) if chunked else body, headers=JSON)
    answer = sent(BODY_MAX)
    assert answer.status_code == 201, describe(answer)
    assert_problem(sent(BODY_MAX + 1), 413)


def test_the_depth_of_json(api):
    def nested(depth):
        arrays = depth - 1
        return api.post("/menus", data='{"menuNm":"x","more":' + "[" * arrays + "]" * arrays + "}", headers=JSON)
    assert nested(DEPTH_MAX).status_code == 201
    assert_problem(nested(DEPTH_MAX + 1), 400)


def test_the_number_of_json_values(api):
    def with_values(count):
        members = ",".join(f'"m{number}":1' for number in range(count - 2))
        return api.post("/menus", data='{"menuNm":"x",' + members + "}", headers=JSON)
    assert with_values(VALUES_MAX).status_code == 201
    assert_problem(with_values(VALUES_MAX + 1), 400)


def test_the_operations_of_a_json_patch(launch):
    api = launch().api
    menu = api.menu("x")
    test = {"op": "test", "path": "/menuNm", "value": "x"}
    for count, status in ((100, 200), (101, 400)):
        answer = api.patch(f"/menus/{menu}", [test] * count, headers={"Content-Type": "application/json-patch+json"})
        assert answer.status_code == status, describe(answer)


def test_copies_of_copies_in_a_json_patch_cost_no_memory(launch):
    server = launch()
    menu = server.api.menu("x" * 20)
    before = server.rss_bytes()
    patch = [{"op": "copy", "from": "", "path": "/a" if number % 2 else "/b"} for number in range(100)]
    answer = server.api.patch(f"/menus/{menu}", patch, headers={"Content-Type": "application/json-patch+json"})
    assert_problem(answer, 400)
    assert server.rss_bytes() < before + 20_000_000


def test_the_size_of_a_page(api):
    for _ in range(PAGE_MAX + 1):
        api.menu("x")
    for size in (PAGE_MAX, PAGE_MAX + 1, 10**9):
        page = api.read(f"/menus?size={size}")
        assert len(page["_embedded"]["menus"]) == PAGE_MAX and page["page"]["size"] == PAGE_MAX


def test_connections_of_one_address(launch):
    server = launch("--http.connections-per-address-max", 3)
    with contextlib.ExitStack() as stack:
        def another():
            connection = stack.enter_context(RawConnection(server.port))
            connection.send(get("/menus"))
            return connection
        held = [another() for _ in range(3)]
        assert [connection.read_response()[0] for connection in held] == [200] * 3
        status, headers, _ = another().read_response()
        assert status == 429 and headers["retry-after"] == "1"
        held[0].socket.close()
        eventually(lambda: exchange(server.port, get("/menus")) == 200)
        held[1].send(get("/menus"))
        assert held[1].read_response()[0] == 200, "those that are open go on"


def test_connections_from_trusted_proxies_are_not_counted(launch):
    server = launch("--http.connections-per-address-max", 1, "--http.trusted-proxies", "127.0.0.1")
    with RawConnection(server.port), RawConnection(server.port):
        assert exchange(server.port, get("/menus")) == 200


def test_requests_of_one_client_to_one_route(launch):
    api = launch("--gateway.rate-limit", 1, "--gateway.rate-limit-burst", 3, "--http.trusted-proxies", "127.0.0.1").api
    answers = []
    while not answers or answers[-1].status_code == 200:
        answers.append(api.get("/menus"))
        assert len(answers) < 100
    assert len(answers) >= 4, "a burst of three"
    refused = answers[-1]
    assert_problem(refused, 429)
    assert refused.headers["Retry-After"] == "1"
    assert {name: refused.headers[f"X-RateLimit-{name}"] for name in
            ("Remaining", "Burst-Capacity", "Replenish-Rate", "Requested-Tokens")} == {
                "Remaining": "0", "Burst-Capacity": "3", "Replenish-Rate": "1", "Requested-Tokens": "1"}
    assert api.get("/orders").status_code == 200, "another route has a bound of its own"
    assert api.get("/menus", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200, "another client has its own"
    assert api.get("/actuator/health").status_code == 200


@pytest.fixture
def upstream():
    with StandIn() as stand_in:
        yield stand_in


def in_front_of(launch, folder, upstream, *flags):
    return launch("--role", "gateway", "--gateway.routes-file", routes_file(folder, route("all", upstream)), *flags)


def test_connections_to_one_upstream(launch, tmp_path, upstream):
    api = in_front_of(launch, tmp_path, upstream, "--upstream.connections-max", 2).api
    upstream.hold.clear()
    answers = []
    waiting = [threading.Thread(target=lambda: answers.append(api.get("/things").status_code)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    eventually(lambda: len(upstream.asked) == 2)
    refused = api.get("/things")
    assert_problem(refused, 503)
    assert "Retry-After" in refused.headers
    upstream.hold.set()
    for thread in waiting:
        thread.join()
    assert answers == [200, 200] and api.get("/things").status_code == 200


def test_a_stream_that_stands_still(launch, tmp_path, upstream):
    gateway = in_front_of(launch, tmp_path, upstream, "--upstream.stream-idle-timeout", "200ms")
    with RawConnection(gateway.port) as connection:
        connection.send(get("/events"))
        upstream.event()
        received = connection.read_to_end()
    assert b"data: 1" in received and not received.endswith(b"0\r\n\r\n"), "it is cut, not ended"


def test_the_number_of_idempotency_keys(launch):
    """A key is answered as long as it is kept; only new ones find no room."""
    server = launch("--idempotency.keys-max", "2")

    def ask(key):
        return server.api.post("/menus", {"menuNm": "Tea"}, headers={"Idempotency-Key": key} if key else {})
    assert [ask(key).status_code for key in ("a", "b")] == [201, 201]
    refused = ask("c")
    assert assert_problem(refused, 503)["code"] == "idempotency-keys-full"
    assert refused.headers["Retry-After"] == "60"
    assert ask("a").headers["Idempotent-Replayed"] == "true"
    assert ask(None).status_code == 201
    assert server.api.read("/menus")["page"]["totalElements"] == 3
