"""SIGTERM: not ready, drained, exit 0 within the grace time, nothing answered is lost."""
import signal
import socket
import threading
import time

import requests

from harness.invariants import check_everything
from harness.raw_http import RawConnection
from harness.waiting import eventually


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_sigterm_of_an_idle_server_ends_it_with_0(launch):
    server = launch()
    server.terminate()
    assert server.wait_exit() == 0


def test_sigint_ends_it_with_0_too(launch):
    server = launch()
    server.process.send_signal(signal.SIGINT)
    assert server.wait_exit() == 0


def test_a_request_in_hand_is_answered_before_the_end(launch):
    """The head is there when SIGTERM comes, the body only afterwards."""
    server = launch()
    body = b'{"menuNm":"Late"}'
    with RawConnection(server.port) as connection:
        connection.send(b"POST /menus HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Type: application/json\r\n"
                        b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert connection.socket.recv(100).startswith(b"HTTP/1.1 100")  # it is in the server's hands
        server.terminate()
        eventually(lambda: not accepts(server.port))  # it drains
        connection.send(body)
        status, headers, _ = connection.read_response()
    assert status == 201
    assert headers["connection"].lower() == "close"
    assert server.wait_exit() == 0
    server.start()
    assert [menu["menuNm"] for menu in server.api.read("/menus")["_embedded"]["menus"]] == ["Late"]


def test_within_the_delay_everything_is_answered_and_every_connection_is_closed_behind_it(launch):
    server = launch("--shutdown.delay", "3s")
    kept = server.api  # one connection
    assert "Connection" not in kept.get("/menus").headers
    server.terminate()
    eventually(lambda: server.api.get("/actuator/health/readiness").json()["status"] == "OUT_OF_SERVICE")
    answer = kept.post("/menus", {"menuNm": "Late"})
    assert (answer.status_code, answer.headers["Connection"]) == (201, "close")
    assert server.api.get("/menus").headers["Connection"] == "close"
    assert server.wait_exit() == 0


def test_no_new_connection_is_taken_while_draining_and_a_silent_client_does_not_hold_it_up(launch):
    server = launch("--shutdown.grace", "3s")
    with RawConnection(server.port) as silent:
        silent.send(b"GET /menus HT")
        server.terminate()
        assert server.wait_exit(seconds_max=20) == 0


def test_every_order_answered_while_terminating_is_there_after_the_restart(launch):
    server = launch()
    api = server.api
    menu = api.menu("Gimbab")
    answered, stop = [], threading.Event()

    def order_on():
        while not stop.is_set():
            try:
                answer = api.post("/orders", {"menuId": menu}, timeout=10)
            except requests.RequestException:
                return
            if answer.status_code == 201:
                answered.append(answer.json()["orderId"])
            else:
                assert answer.status_code == 503, answer.text

    workers = [threading.Thread(target=order_on) for _ in range(8)]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 20
    while len(answered) < 200 and time.monotonic() < deadline:
        workers[0].join(timeout=0.01)
    server.terminate()
    assert server.wait_exit() == 0
    stop.set()
    for worker in workers:
        worker.join(timeout=15)
    assert len(answered) >= 200
    server.start()
    check_everything(server.api, answered)
