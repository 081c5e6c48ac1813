"""Requests that two servers could read differently end at the gateway: a stand-in behind it, which
is easy to fool, never hears of them, nor of what is hidden in them.
"""
import socket
import threading

import pytest

from harness.raw_http import RawConnection, statuses
from harness.stand_in import StandIn, route, routes_file

HIDDEN = b"GET /things/hidden HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def upstream():
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def gateway(module_launch, tmp_path_factory, upstream):
    folder = tmp_path_factory.mktemp("routes")
    return module_launch("--role", "gateway", "--gateway.routes-file", routes_file(folder, route("all", upstream)))


def post(headers, body):
    return b"POST /things/front HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n" + body


TRICKS = {
    "CL.TE": post(b"Content-Length: %d\r\n" % (len(HIDDEN) + 5) + CHUNKED, b"0\r\n\r\n" + HIDDEN),
    "TE.CL": post(CHUNKED + b"Content-Length: 4\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)),
    "two lengths": post(b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(HIDDEN), HIDDEN),
    "a list of lengths": post(b"Content-Length: 0, %d\r\n" % len(HIDDEN), HIDDEN),
    "a length with a sign": post(b"Content-Length: +0\r\n", HIDDEN),
    "TE twice": post(CHUNKED + b"Transfer-Encoding: identity\r\n", b"0\r\n\r\n" + HIDDEN),
    "TE of another coding": post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + HIDDEN),
    "TE with a blank before the colon": post(b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + HIDDEN),
    "TE with a tab": post(b"Transfer-Encoding:\x0bchunked\r\n", b"0\r\n\r\n" + HIDDEN),
    "TE folded": post(b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n" + HIDDEN),
    "a folded header": post(b"X-A: b\r\n Content-Length: 0\r\n", HIDDEN),
    "a bare LF": post(b"X-A: b\nContent-Length: %d\r\n" % len(HIDDEN), HIDDEN),
    "a bare CR": post(b"X-A: b\rContent-Length: %d\r\n" % len(HIDDEN), HIDDEN),
    "a NUL": post(b"X-A: \x00\r\nContent-Length: 0\r\n", HIDDEN),
    "a length in HTTP/1.0 with TE": b"POST /things/front HTTP/1.0\r\nHost: a\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "a chunk size with a sign": post(CHUNKED, b"+5\r\nhello\r\n0\r\n\r\n" + HIDDEN),
    "a chunk size of two numbers": post(CHUNKED, b"0x0\r\n\r\n" + HIDDEN),
    "a chunk size too large": post(CHUNKED, b"fffffffffffffffff0\r\nhello\r\n0\r\n\r\n" + HIDDEN),
    "a chunk ended by LF": post(CHUNKED, b"5\nhello\n0\n\n" + HIDDEN),
    "a chunk longer than it says": post(CHUNKED, b"1\r\nhello\r\n0\r\n\r\n" + HIDDEN),
    "a length in the trailers": post(CHUNKED, b"0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN),
    "two hosts": b"GET /things/front HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + HIDDEN,
    "a host with a path": b"GET /things/front HTTP/1.1\r\nHost: a/b\r\n\r\n" + HIDDEN,
    "another host in the target": b"GET http://evil/things HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN,
    "a blank in the target": b"GET /things/front HTTP/1.1\r\nX: HTTP/1.1\r\nHost : a\r\n\r\n" + HIDDEN,
    "CONNECT": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", TRICKS, ids=[name.replace(" ", "_") for name in TRICKS])
def test_a_trick_is_refused_and_what_it_hides_never_heard_of(gateway, upstream, name):
    before = len(upstream.asked)
    with RawConnection(gateway.port) as connection:
        connection.send(TRICKS[name])
        answered = statuses(connection.read_to_end())
    assert len(answered) == 1 and answered[0] in (400, 413, 501), answered
    assert not upstream.asked_for("/things/hidden")
    assert gateway.api.get("/things/after").status_code == 200
    assert len(upstream.asked) == before + 1


def test_a_body_refused_in_its_middle_does_not_become_a_request_of_its_own(gateway, upstream):
    with RawConnection(gateway.port) as connection:
        connection.send(post(CHUNKED, b"8000\r\n" + b"x" * 0x8000 + b"\r\n"))
        connection.send(b"zz\r\n" + HIDDEN)
        assert statuses(connection.read_to_end()) == [400]
    assert not upstream.asked_for("/things/hidden")
    assert gateway.api.get("/things/after").status_code == 200


def test_pipelined_requests_stay_apart(gateway, upstream):
    """What follows a whole body is the next request, and nothing else."""
    with RawConnection(gateway.port) as connection:
        connection.send(post(b"Content-Length: 20000\r\n", b"y" * 20000) + post(CHUNKED, b"3\r\nabc\r\n0\r\n\r\n")
                        + b"GET /things/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert statuses(connection.read_to_end()) == [200, 200, 200]
    assert upstream.asked[-3:] == [("POST", "/things/front"), ("POST", "/things/front"), ("GET", "/things/last")]


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nX-A: b\r\n folded\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"nonsense\r\n\r\n"])
def test_an_upstream_cannot_make_up_answers_for_others(launch, tmp_path, answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            try:
                while True:
                    client, _ = listener.accept()
                    with client:
                        client.recv(65536)
                        client.sendall(answer)
            except OSError:
                return
        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        api = launch("--role", "gateway", "--gateway.routes-file", routes_file(tmp_path, route("all", url))).api
        assert api.get("/things").status_code == 502
        listener.shutdown(socket.SHUT_RDWR)
