"""The line each request leaves in the log: what it tells, that it and all other lines hold no secret
and nothing personal, and that levels change while the program runs.

Method: the program logs JSON to a file that is read here; canaries are planted wherever a client can
put something, with every logger at trace.
"""
import json
import os
import secrets

import pytest

from harness.api import assert_problem, describe
from harness.raw_http import RawConnection
from harness.waiting import eventually

pytestmark = pytest.mark.skipif("BAEDAL_E2E_COMMAND" in os.environ, reason="reads the log of one process")

JSON = ("--access-log.enabled", "true", "--log.format", "json")


class Log:
    """The lines of a server that logs JSON."""

    def __init__(self, server):
        self.server = server

    def lines(self, logger=None, **wanted):
        found = []
        for text in self.server.log_text().splitlines():
            line = json.loads(text)  # every line is one object
            if logger in (None, line["logger"]) and all(line.get(key) == value for key, value in wanted.items()):
                found.append(line)
        return found

    def await_line(self, logger, **wanted):
        return eventually(lambda: self.lines(logger, **wanted))[-1]


@pytest.fixture(name="logged")
def fixture_logged(launch):
    server = launch(*JSON)
    return server.api, Log(server)


def test_a_request_leaves_one_line_with_what_an_operator_needs(logged):
    api, log = logged
    trace = secrets.token_hex(16)
    menu = api.menu("Gimbab", price=3500)
    answer = api.post("/orders?x=1", {"menuId": menu}, headers={"traceparent": f"00-{trace}-{'1' * 16}-00"})
    line = log.await_line("access", trace_id=trace)
    assert len(log.lines("access", trace_id=trace)) == 1
    assert set(line) == {"timestamp", "level", "logger", "message", "method", "route", "path", "status", "duration_ms",
                         "bytes", "trace_id", "span_id", "order_id"}
    assert (line["method"], line["route"], line["path"], line["status"]) == ("POST", "/orders", "/orders", 201)
    assert line["bytes"] == len(answer.content) and line["level"] == "INFO"
    assert 0 < line["duration_ms"] < 60_000 and len(line["span_id"]) == 16
    assert line["order_id"] == answer.json()["orderId"]


def test_a_request_about_an_order_says_which(logged):
    api, log = logged
    menu = api.menu("Gimbab")
    order = api.order(menu)
    api.await_mypage(order, deliveryStatus="started")
    api.read(f"/mypages/{order}")
    api.get("/orders/999?a=b")
    assert log.await_line("access", path=f"/mypages/{order}")["order_id"] == order
    assert log.await_line("access", path="/orders/999")["order_id"] == 999
    assert "order_id" not in log.await_line("access", method="POST", path="/menus")


def test_what_the_server_refuses_itself_leaves_a_line_too(logged):
    api, log = logged
    with RawConnection(log.server.port) as raw:
        raw.send(b"GET /orders HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        raw.read_to_end()
    assert log.await_line("access", status=400)["duration_ms"] == 0
    assert api.read("/menus")


def test_no_line_of_any_logger_holds_a_secret_or_anything_personal(launch):
    server = launch(*JSON, "--log.level", "trace", "--http.trusted-proxies", "127.0.0.1")
    api, canary = server.api, "canary" + secrets.token_hex(8)
    person = "203.0.113.77"
    headers = {"Authorization": f"Bearer {canary}", "Cookie": f"session={canary}", "X-Api-Key": canary,
               "Idempotency-Key": canary, "User-Agent": canary, "Referer": f"http://h/?{canary}",
               "X-Request-Id": canary, "X-Forwarded-For": person, "tracestate": f"vendor={canary}",
               "traceparent": f"00-{secrets.token_hex(16)}-{'2' * 16}-01"}
    menu = api.menu("Gimbab")
    answer = api.post(f"/orders?token={canary}", {"menuId": menu, "paymentToken": canary, "note": canary}, headers=headers)
    assert answer.status_code == 201, describe(answer)
    order = answer.json()["orderId"]
    for method, path, body in (
            ("GET", f"/orders/{order}?key={canary}", None), ("PATCH", f"/orders/{order}?key={canary}", {"status": canary}),
            ("PUT", f"/menus/{menu}?key={canary}", {"menuNm": canary, "price": canary}),
            ("POST", "/menus", {"menuNm": None, "price": canary}), ("DELETE", f"/orders?key={canary}", {"x": canary}),
            ("GET", f"/mypages/search/findByOrderId?orderId={canary}", None),
            ("GET", f"/actuator/metrics/http.server.requests?tag={canary}", None)):
        api.request(method, path, json=body, headers={**headers, "Idempotency-Key": canary + method})
    for data in (b"{" + canary.encode(), b'{"menuNm":"' + canary.encode()):
        api.post("/menus", data=data, headers={**headers, "Content-Type": "application/json"})
    with RawConnection(server.port) as raw:
        raw.send(f"GET http://user:{canary}@h/menus?{canary} HTTP/1.1\r\nHost: user:{canary}@h\r\n\r\n".encode())
        raw.read_to_end()
    with RawConnection(server.port) as raw:
        raw.send(f"BAD{canary}\r\n\r\n".encode())
        raw.read_to_end()
    api.await_order(order, paymentStatus="declined")
    server.stop()
    assert '"logger":"access"' in server.log_text() and '"logger":"http"' in server.log_text()
    for text in (canary, person, "127.0.0.1:"):
        lines = [line for line in server.log_text().splitlines() if text in line]
        assert not lines, lines[:3]


def test_the_clients_address_is_told_only_when_asked_for(launch):
    server = launch(*JSON, "--access-log.client-address", "true", "--http.trusted-proxies", "127.0.0.1")
    server.api.read("/menus", headers={"X-Forwarded-For": "203.0.113.77"})
    assert Log(server).await_line("access", path="/menus")["client"] == "203.0.113.77"


def test_lines_of_other_loggers_within_a_request_carry_its_trace(launch):
    server = launch("--role", "order", "--menu.url", "http://127.0.0.1:1", "--delivery.url", "http://127.0.0.1:1", *JSON)
    trace = secrets.token_hex(16)
    answer = server.api.post("/orders", {"menuId": 1}, headers={"traceparent": f"00-{trace}-{'1' * 16}-00"})
    assert answer.status_code == 503, describe(answer)
    assert Log(server).await_line("order.remote")["trace_id"] == trace


def set_level(api, logger, level):
    answer = api.post(f"/actuator/loggers/{logger}", {"configuredLevel": level} if level else {})
    assert answer.status_code == 204 and answer.content == b"", describe(answer)


def test_the_access_log_is_turned_on_and_off_while_it_runs(launch):
    server = launch("--log.format", "json")
    api, log = server.api, Log(server)
    assert api.read("/actuator/loggers/access") == {"configuredLevel": "OFF", "effectiveLevel": "OFF"}
    api.read("/menus?n=1")
    set_level(api, "access", "INFO")
    api.read("/menus")
    log.await_line("access", path="/menus")
    set_level(api, "access", "OFF")
    count = len(log.lines("access", path="/menus"))
    assert count == 1, "the request before it was turned on left none"
    api.read("/menus")
    set_level(api, "access", None)
    assert api.read("/actuator/loggers/access") == {"effectiveLevel": "INFO"}, "its parent's"
    api.read("/orders")
    log.await_line("access", path="/orders")
    assert len(log.lines("access", path="/menus")) == count


def test_a_level_of_the_configuration_wins_over_the_switch(launch):
    server = launch("--log.format", "json", "--log.levels", "access=info")
    server.api.read("/menus")
    assert Log(server).await_line("access", path="/menus")


def test_debug_of_one_logger_shows_more_and_only_of_it(logged):
    api, log = logged
    api.read("/menus")
    assert not log.lines("http")
    set_level(api, "http", "DEBUG")
    api.read("/menus")
    line = log.await_line("http", path="/menus")
    assert line["level"] == "DEBUG" and line["status"] == 200
    assert {line["logger"] for line in log.lines(level="DEBUG")} == {"http"}
    set_level(api, "http", None)


def test_loggers_are_listed_and_bad_levels_refused(logged):
    api, _ = logged
    listed = api.read("/actuator/loggers")
    assert listed["levels"] == ["OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"]
    assert listed["loggers"]["ROOT"] == {"configuredLevel": "INFO", "effectiveLevel": "INFO"}
    assert {"access", "http"} <= set(listed["loggers"])
    for body in ({"configuredLevel": "LOUD"}, {"configuredLevel": 7}, [], "text"):
        assert_problem(api.post("/actuator/loggers/access", body), 400)
    assert_problem(api.post("/actuator/loggers/access", data=b"{"), 400)
    assert_problem(api.post("/actuator/loggers/a%20b", {"configuredLevel": "INFO"}), 400)
    assert_problem(api.get("/actuator/loggers/nobody"), 404)
    set_level(api, "ROOT", "WARN")
    assert api.read("/actuator/loggers/access")["effectiveLevel"] == "WARN"
    set_level(api, "ROOT", "INFO")
