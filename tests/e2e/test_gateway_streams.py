"""What passes the gateway piece by piece: large bodies both ways at the pace of the slower side,
events as they happen, WebSockets, and what becomes of a stream that breaks.

Method: real sockets to the real program in front of stand-ins that read and write as the test says.
"""
import base64
import os
import socket

import pytest

from harness.raw_http import RawConnection
from harness.stand_in import StandIn, route, routes_file
from harness.waiting import eventually

MIB = 1024 * 1024


@pytest.fixture
def upstream():
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def gateway(launch, tmp_path, upstream):
    return launch("--role", "gateway", "--gateway.body-bytes-max", "512MiB",
                  "--gateway.routes-file", routes_file(tmp_path, route("all", upstream)))


def stands_still(read):
    """Whether `read()` gives the same, and not nothing, several times in a row."""
    last, times = None, 0

    def check():
        nonlocal last, times
        now = read()
        times = times + 1 if now == last and now > 0 else 0
        last = now
        return times >= 10
    eventually(check)
    return last


def test_a_client_that_reads_slowly_stops_the_upstream_and_costs_no_memory(gateway, upstream):
    upstream.large_bytes = 400 * MIB
    gateway.api.get("/things")
    before = gateway.rss_bytes()
    with RawConnection(gateway.port) as slow:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        slow.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        sent = stands_still(lambda: upstream.sent)
        assert sent < upstream.large_bytes / 4, "the upstream was never made to wait"
        assert gateway.rss_bytes() - before < 24 * MIB
        got = len(slow.socket.recv(65536))
        while got < 64 * MIB:
            got += len(slow.socket.recv(1 << 20))
        assert gateway.rss_bytes() - before < 24 * MIB


def test_an_upstream_that_reads_slowly_stops_the_client_and_costs_no_memory(gateway, upstream):
    size = 300 * MIB
    gateway.api.get("/things")
    before = gateway.rss_bytes()
    with RawConnection(gateway.port, timeout=0.5) as client:
        client.send(b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        piece, sent = b"x" * MIB, 0
        with pytest.raises(TimeoutError):
            while True:
                sent += client.socket.send(piece)
        assert sent < size / 4, "the client was never made to wait"
        assert gateway.rss_bytes() - before < 24 * MIB
        client.socket.settimeout(20)
        upstream.unread.set()
        while sent < size:
            sent += client.socket.send(piece[:size - sent])
        assert client.read_response()[0] == 200
        assert upstream.received == size
        assert gateway.rss_bytes() - before < 24 * MIB


def test_an_echo_is_heard_while_the_request_still_goes_on(gateway):
    with RawConnection(gateway.port) as client:
        client.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        heard = b""
        for word in (b"one", b"two", b"three"):
            client.send(b"%x\r\n%s\r\n" % (len(word), word))
            while word not in heard:
                heard += client.socket.recv(4096)
        client.send(b"0\r\n\r\n")
        while not heard.endswith(b"0\r\n\r\n"):
            heard += client.socket.recv(4096)
        # The answer began before it was known how the request would end.
        assert b"\r\nConnection: close\r\n" in heard
        assert client.read_to_end() == b""


def test_a_large_body_comes_back_byte_for_byte(gateway):
    body = os.urandom(8 * MIB + 17)
    answer = gateway.api.post("/echo", data=body)
    assert answer.content == body
    chunks = (body[i:i + 70_001] for i in range(0, len(body), 70_001))
    assert gateway.api.post("/echo", data=chunks).content == body


def test_a_body_beyond_the_limit_is_413_whether_its_length_is_told_or_not(launch, tmp_path, upstream):
    gateway = launch("--role", "gateway", "--gateway.body-bytes-max", "1MiB",
                     "--gateway.routes-file", routes_file(
                         tmp_path, route("small", upstream, predicates=["Path=/things/small"],
                                         filters=["RequestSize=100KB"]), route("all", upstream)))
    for path, size in (("/things", 2 * MIB), ("/things/small", 200_000)):
        assert gateway.api.post(path, data=b"x" * size).status_code == 413
        pieces = [b"x" * 50_000] * (size // 50_000 + 1)
        assert gateway.api.post(path, data=iter(pieces)).status_code == 413
        assert gateway.api.post(path, data=b"x" * 90_000).status_code == 200


def test_events_pass_as_they_happen(gateway, upstream):
    with gateway.api.get("/events", stream=True) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = answer.iter_lines(chunk_size=1)
        for number in range(1, 4):
            upstream.event()
            assert next(lines) == b"data: %d" % number
            assert next(lines) == b""


def shake_hands(connection, **headers):
    key = base64.b64encode(os.urandom(16)).decode()
    head = {"Host": "a", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key, **headers}
    connection.send(("GET /chat HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in head.items())
                     + "\r\n").encode())
    return connection.read_response()


def test_a_web_socket_passes_both_ways_and_ends_with_either_side(gateway, upstream):
    with RawConnection(gateway.port) as client:
        status, headers, _ = shake_hands(client)
        assert (status, headers["upgrade"].lower()) == (101, "websocket")
        for text in (b"hello", b"x" * 100):
            mask = os.urandom(4)
            client.send(bytes([0x81, 0x80 | len(text)]) + mask +
                        bytes(byte ^ mask[i % 4] for i, byte in enumerate(text)))
            frame = b""
            while len(frame) < len(text) + 2:
                frame += client.socket.recv(4096)
            assert frame == bytes([0x81, len(text)]) + text
        client.send(bytes([0x88, 0x80]) + b"mask")
        assert client.read_to_end() == b""
    with RawConnection(gateway.port) as client:
        assert shake_hands(client)[0] == 101
        upstream.die()
        assert client.read_to_end() == b""


def test_no_other_protocol_is_switched_to(gateway, upstream):
    """h2c would carry requests past the filters of the gateway."""
    with RawConnection(gateway.port) as client:
        client.send(b"GET /things HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
        status, _, body = client.read_response()
    assert status == 200
    assert b"h2c" not in body and b"http2-settings" not in body


def test_an_answer_that_breaks_off_is_not_made_whole(gateway):
    with RawConnection(gateway.port) as client:
        client.send(b"GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
        status, headers, _ = client.read_response()
    assert status == 502 and headers["content-type"] == "application/problem+json"


def test_a_client_that_goes_away_ends_the_upstreams_work(gateway, upstream):
    upstream.large_bytes = 400 * MIB
    with RawConnection(gateway.port) as client:
        client.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        client.socket.recv(4096)
    eventually(lambda: not upstream._connections)
    assert upstream.sent < upstream.large_bytes
    assert gateway.api.get("/things").status_code == 200
