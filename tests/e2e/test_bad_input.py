"""Whatever comes in: a clear 4xx or a closed connection within a bound, never a 5xx, a crash, a leak
or a hang.

Method: requests a client library would not send go over raw sockets. Every test ends with the server
answering a good request; every read is bounded by the socket's timeout, so that a hang fails.
"""
import concurrent.futures
import json
import socket

import pytest

from harness.api import assert_problem, describe
from harness.raw_http import RawConnection, exchange, statuses
from harness.waiting import eventually

SERVER_FLAGS = ("--http.header-timeout", "1s", "--http.body-timeout", "1s", "--http.idle-timeout", "2s")
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab", price=100)


@pytest.fixture(autouse=True)
def still_answering(server, api, menu):
    yield
    assert server.running
    assert api.read(f"/menus/{menu}")["menuNm"] == "Gimbab"


def request(line, *headers, body=b""):
    head = "\r\n".join([line, "Host: localhost", *headers])
    return head.encode("latin-1") + b"\r\n\r\n" + body


def post(body, *headers):
    return request("POST /menus HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}",
                   *headers, body=body)


MALFORMED = {
    "empty": b"",
    "blank": b"   ",
    "half an object": b'{"menuNm":',
    "no quotes": b"{menuNm:1}",
    "a trailing comma": b'{"menuNm":"x",}',
    "two documents": b'{"menuNm":"x"} {}',
    "text behind": b'{"menuNm":"x"}x',
    "an array": b"[]",
    "a number": b"7",
    "null": b"null",
    "single quotes": b"{'menuNm':'x'}",
    "a comment": b'{"menuNm":"x"} // x',
    "not a number": b'{"menuNm":"x","price":NaN}',
    "a control character": b'{"menuNm":"a\x01b"}',
    "a NUL": b'{"menuNm":"a\x00b"}',
    "a broken escape": b'{"menuNm":"\\x"}',
    "half a surrogate": b'{"menuNm":"\\ud800"}',
    "invalid UTF-8": b'{"menuNm":"\xff\xfe"}',
    "overlong UTF-8": b'{"menuNm":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"menuNm":"\xed\xa0\x80"}',
    "half a character": b'{"menuNm":"\xea\xb9"}',
    "UTF-16": '{"menuNm":"x"}'.encode("utf-16"),
    "ten thousand deep arrays": b'{"menuNm":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "ten thousand deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep and never closed": b"[" * 100_000,
    "a leading zero": b'{"menuNm":"x","price":007}',
}


@pytest.mark.parametrize("name", MALFORMED, ids=[name.replace(" ", "_") for name in MALFORMED])
def test_malformed_json_is_400(api, name):
    assert_problem(api.post("/menus", data=MALFORMED[name], headers=JSON), 400)
    assert_problem(api.patch("/menus/1", data=MALFORMED[name], headers=JSON), 400)


@pytest.mark.parametrize("body", [
    {"menuId": "abc"}, {"menuId": []}, {"menuId": {}}, {"menuId": True}, {"menuId": None}, {}, {"menuId": ""},
    {"menuId": 1, "qty": "two"}, {"menuId": 1, "qty": [1]}, {"menuId": 1, "qty": {"n": 1}},
    {"menuId": 1, "qty": 10**30}, {"menuId": 1, "qty": -(10**30)}, {"menuId": 1, "qty": "99999999999999999999"},
    {"menuId": 10**40}, {"menuId": -1}, {"menuId": 0}, {"menuId": 1, "paymentToken": {"x": 1}},
    {"menuId": 1, "paymentToken": "x" * 100_000}])
def test_a_wrong_type_or_a_huge_number_is_a_clear_4xx(api, body):
    assert_problem(api.post("/orders", body), 400, 422)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e-400", "0.1e1000000000", "9" * 10_000, "1" + "0" * 400 + ".5"])
def test_a_number_no_machine_holds_is_a_clear_4xx(api, menu, number):
    answer = api.post("/orders", data=f'{{"menuId":{menu},"qty":{number}}}', headers=JSON)
    assert answer.status_code == 400 or number == "1e-400", describe(answer)
    assert answer.status_code < 500


def test_a_body_of_ten_megabytes_is_413(api):
    answer = api.post("/menus", data=b'{"menuNm":"' + b"x" * 10_000_000 + b'"}', headers=JSON)
    assert answer.status_code == 413, describe(answer)


def test_a_body_that_only_claims_to_be_huge_is_413_at_once(server):
    for length in (10_000_000, 2**62):
        head = request("POST /menus HTTP/1.1", "Content-Type: application/json", f"Content-Length: {length}")
        assert exchange(server.port, head) == 413


def test_a_chunked_body_without_end_is_cut(server):
    with RawConnection(server.port) as connection:
        connection.send(request("POST /menus HTTP/1.1", "Content-Type: application/json",
                                "Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(400):
            if not connection.send(chunk):
                break
        answered = statuses(connection.read_to_end())
    assert answered in ([], [413])


def test_headers_of_a_hundred_kilobytes_are_431(server):
    assert exchange(server.port, request("GET /menus HTTP/1.1", "X-Long: " + "x" * 100_000)) in (431, None)
    many = [f"X-{number}: {'x' * 90}" for number in range(1000)]
    assert exchange(server.port, request("GET /menus HTTP/1.1", *many)) in (431, None)
    assert exchange(server.port, request("GET /menus?" + "x" * 100_000 + " HTTP/1.1")) in (414, 431, None)


FRAMING = {
    "no host": b"GET /menus HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /menus HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "length and chunked": b"POST /menus HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                          b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /menus HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a negative length": b"POST /menus HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "a length of letters": b"POST /menus HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n",
    "a length with a plus": b"POST /menus HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}",
    "an unknown coding": b"POST /menus HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    "a folded header": b"GET /menus HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n",
    "a blank before the colon": b"GET /menus HTTP/1.1\r\nHost : a\r\n\r\n",
    "a NUL in a header": b"GET /menus HTTP/1.1\r\nHost: a\r\nX-A: b\x00c\r\n\r\n",
    "a bare CR in a header": b"GET /menus HTTP/1.1\r\nHost: a\r\nX-A: b\rc: d\r\n\r\n",
    "another version": b"GET /menus HTTP/3.7\r\nHost: a\r\n\r\n",
    "no version": b"GET /menus\r\n\r\n",
    "no words": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n",
    "a bad chunk size": b"POST /menus HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a huge chunk size": b"POST /menus HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                         b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "only line ends": b"\r\n" * 20_000,
}


@pytest.mark.parametrize("name", FRAMING, ids=[name.replace(" ", "_") for name in FRAMING])
def test_a_request_two_readers_could_read_differently_is_refused_and_cut(server, name):
    with RawConnection(server.port) as connection:
        connection.send(FRAMING[name])
        answered = statuses(connection.read_to_end())
    assert len(answered) <= 1 and all(400 <= status < 500 or status in (501, 505) for status in answered), answered


@pytest.mark.parametrize("path", [
    "/orders/%00", "/orders/%2e%2e%2f%2e%2e", "/../../etc/passwd", "/orders/%zz", "/orders/%", "//orders", "/orders/1/2",
    "/orders/%ff%fe", "/orders/1;x=y", "/orders/1%20", "/orders/+1", "/orders/0x1", "/orders/1e3", "/orders/" + "9" * 500])
def test_an_odd_path_is_a_clear_4xx(server, path):
    status = exchange(server.port, request(f"GET {path} HTTP/1.1"))
    assert status is None or 400 <= status < 500


def test_pipelined_requests_are_answered_in_order(server, menu):
    good = request(f"GET /menus/{menu} HTTP/1.1")
    missing = request("GET /menus/999999 HTTP/1.1")
    last = request(f"GET /menus/{menu} HTTP/1.1", "Connection: close")
    with RawConnection(server.port) as connection:
        connection.send(good + missing + good + last)
        assert statuses(connection.read_to_end()) == [200, 404, 200, 200]


def test_garbage_behind_a_good_request_does_not_spoil_its_answer(server, menu):
    with RawConnection(server.port) as connection:
        connection.send(request(f"GET /menus/{menu} HTTP/1.1") + b"\x00\xff garbage \r\n\r\n")
        answered = statuses(connection.read_to_end())
    assert answered[0] == 200 and answered[1:] in ([], [400])


def test_a_head_that_never_ends_is_cut(server):
    with RawConnection(server.port) as connection:
        connection.send(b"GET /menus HTTP/1.1\r\nHost: lo")
        assert statuses(connection.read_to_end()) in ([], [408])


def test_a_body_that_never_comes_is_cut(server):
    with RawConnection(server.port) as connection:
        connection.send(request("POST /menus HTTP/1.1", "Content-Type: application/json", "Content-Length: 50",
                                body=b'{"menu'))
        assert statuses(connection.read_to_end()) in ([], [408])


def test_an_idle_connection_is_closed(server, menu):
    with RawConnection(server.port) as connection:
        connection.send(request(f"GET /menus/{menu} HTTP/1.1"))
        assert connection.read_response()[0] == 200
        assert connection.read_to_end() == b""


def test_slow_clients_do_not_hold_up_others(server, api, menu):
    slow = [RawConnection(server.port) for _ in range(200)]
    try:
        for connection in slow:
            connection.send(b"GET /menus HTTP/1.1\r\nX")
        for _ in range(20):
            assert api.read(f"/menus/{menu}")["menuNm"] == "Gimbab"
    finally:
        for connection in slow:
            connection.socket.close()


@pytest.mark.parametrize("name", ['"Kim"', "\\Kim", "/Kim/", "'", "<b>&amp;", "%00%s", "\U0001f35c", "e\u0301", "\u2028x"])
def test_odd_names_come_through_events_as_they_are(api, name):
    order = api.started_order(api.menu(name, price=1))["orderId"]
    assert api.read(f"/orders/{order}")["menuNm"] == name
    eventually(lambda: api.mypage_of(order))
    assert api.mypage_of(order)["menuNm"] == name


def test_clients_that_leave_in_the_middle_do_no_harm(server):
    body = b'{"menuNm":"Left"}'
    whole = post(body)
    for cut in range(1, len(whole), 7):
        connection = RawConnection(server.port)
        connection.send(whole[:cut])
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        connection.socket.close()


def test_a_client_that_does_not_read_does_not_hold_up_others(server, api, menu):
    with RawConnection(server.port) as connection:
        connection.socket.setblocking(False)
        sent = 0
        try:
            while sent < 20_000_000:
                sent += connection.socket.send(request(f"GET /menus/{menu} HTTP/1.1") * 100)
        except BlockingIOError:
            pass
        assert api.read(f"/menus/{menu}")["menuNm"] == "Gimbab"


def test_odd_bytes_in_headers_do_no_harm(server):
    for value in ("\xff\xfe", "%s%n", "../../", "'; DROP TABLE orders; --", "x" * 8000):
        for name in ("Idempotency-Key", "If-Match", "Accept", "X-Forwarded-Host", "Forwarded", "traceparent",
                     "X-Request-Id", "Content-Type"):
            status = exchange(server.port, request("GET /menus HTTP/1.1", f"{name}: {value}"))
            assert status is None or status < 500, f"{name}: {value[:40]}"


def test_a_flood_of_bad_requests_does_not_grow_the_process(server, api):
    deep = MALFORMED["ten thousand deep arrays"]
    large = b'{"menuNm":"' + b"x" * 1_000_000

    def flood(count):
        def one(number):
            body = (deep, large, b'{"x":' + b'"\\u0041' * 100)[number % 3]
            assert api.post("/menus", data=body, headers=JSON).status_code in (400, 413)
            exchange(server.port, FRAMING["length and chunked"])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(one, range(count)))

    flood(150)  # what the allocator keeps, it keeps now
    settled = server.rss_bytes()
    flood(450)
    eventually(lambda: server.rss_bytes() < settled + 30_000_000)


def test_problems_are_themselves_valid_json_whatever_was_sent(api):
    for name in ('"', "\\", "\u2028", "</script>", "\x7f"):
        answer = api.get("/nothing/" + json.dumps(name))
        assert_problem(answer, 400, 404)
