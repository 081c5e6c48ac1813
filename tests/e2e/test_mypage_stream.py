"""An order followed by server-sent events: what is told, what is told again, how it ends, and what
those who only wait cost.

Method: raw sockets to the real program. All orders are made before anybody is measured.
"""
import json
import resource
import socket
import struct

import pytest

from harness.raw_http import RawConnection
from harness.waiting import eventually

FOLLOWERS = 5000
KIB_PER_FOLLOWER_MAX = 16


class Follower(RawConnection):
    """Reads events as a browser does."""

    def __init__(self, port, order, last_event=None):
        super().__init__(port)
        self.received = b""
        again = f"Last-Event-ID: {last_event}\r\n" if last_event is not None else ""
        self.send(f"GET /mypages/{order}/stream HTTP/1.0\r\nHost: a\r\n{again}\r\n".encode())

    def event(self):
        """(version, line) of the next event."""
        while True:
            block = self.block()
            fields = [line.split(b": ", 1) for line in block.split(b"\n") if b": " in line]
            data = b"\n".join(value for name, value in fields if name == b"data")
            if data:
                return int(dict(fields)[b"id"]), json.loads(data)

    def block(self):
        while b"\n\n" not in self.received:
            chunk = self.socket.recv(65536)
            assert chunk, "the stream has ended"
            self.received += chunk
        block, self.received = self.received.split(b"\n\n", 1)
        return block


class Deaf(Follower):
    """Reads nothing, with the smallest window there is."""

    def __init__(self, port, order):
        super().__init__(port, order)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)


def streams(server):
    """How many the server itself counts."""
    text = server.api.get("/actuator/prometheus").text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("baedal_mypage_streams"))


def cut(follower):
    """Gone at once, without a farewell and without the waiting state of a port."""
    follower.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    follower.socket.close()


@pytest.fixture(scope="module")
def menu(api):
    return api.menu(price=4500)


def test_a_follower_sees_the_order_delivered(api, server, menu):
    order = api.started_order(menu)
    with Follower(server.port, order["orderId"]) as follower:
        version, line = follower.event()
        assert line["deliveryStatus"] == "started"
        assert line["_links"]["stream"]["href"].endswith(f"/mypages/{order['orderId']}/stream")
        api.patch(f"/deliveries/{line['deliveryId']}", {"status": "complete"})
        newer, line = follower.event()
        assert newer > version
        assert line["deliveryStatus"] == "complete"


def test_who_comes_back_hears_only_of_what_is_newer(api, server, menu):
    order = api.started_order(menu)["orderId"]
    with Follower(server.port, order) as follower:
        version, line = follower.event()
    with Follower(server.port, order, last_event=version) as again:
        api.patch(f"/deliveries/{line['deliveryId']}", {"status": "complete"})
        assert again.event()[1]["deliveryStatus"] == "complete"
    with Follower(server.port, order, last_event="nonsense") as strange:
        assert strange.event()[1]["deliveryStatus"] == "complete"


def test_an_order_nobody_knows_is_not_followed(api):
    assert api.get("/mypages/987654321/stream").status_code == 404


def test_a_server_that_stops_ends_its_streams_and_does_not_wait_for_them(launch):
    server = launch("--shutdown.grace", "60s")
    server.api.await_up()
    order = server.api.started_order(server.api.menu(price=4500))["orderId"]
    with Follower(server.port, order) as follower:
        follower.event()
        server.terminate()
        assert follower.read_to_end() == b""
        server.wait_exit()


def test_more_streams_than_may_be_are_refused_and_a_gone_one_makes_room(launch):
    server = launch("--mypage.streams-max", "1")
    server.api.await_up()
    order = server.api.started_order(server.api.menu(price=4500))["orderId"]
    with Follower(server.port, order) as first:
        first_line = first.event()[1]
        second = server.api.get(f"/mypages/{order}/stream")
        assert second.status_code == 503
        assert second.headers["Retry-After"] == "10"
        delivery = first_line["deliveryId"]
        cut(first)
    # The next thing to say finds nobody there.
    server.api.patch(f"/deliveries/{delivery}", {"status": "complete"})
    eventually(lambda: streams(server) == 0)
    with Follower(server.port, order) as third:
        third.event()


def test_who_reads_nothing_holds_up_nobody_and_waits_for_no_end(launch):
    """An order has a handful of versions: what is not read never leaves the socket. Whoever does not read what is more
    than a socket holds is cut after http.write-timeout (src/platform/http/server_limits_test.cpp)."""
    server = launch("--shutdown.grace", "60s")
    server.api.await_up()
    order = server.api.started_order(server.api.menu(price=4500))["orderId"]
    with Deaf(server.port, order), Follower(server.port, order) as other:
        delivery = other.event()[1]["deliveryId"]
        eventually(lambda: streams(server) == 2)
        server.api.patch(f"/deliveries/{delivery}", {"status": "complete"})
        assert other.event()[1]["deliveryStatus"] == "complete"
        server.terminate()
        server.wait_exit()


def test_five_thousand_who_only_wait_cost_little(launch):
    """The bound is for one follower with all that belongs to it: socket, buffers, coroutines."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 3 * FOLLOWERS), hard), hard))
    server = launch()
    server.api.await_up()
    order = server.api.started_order(server.api.menu(price=4500))["orderId"]
    with Follower(server.port, order) as first:
        first.event()
    before = server.rss_bytes()
    followers = []
    try:
        for _ in range(FOLLOWERS):
            followers.append(Follower(server.port, order))
        for follower in followers:
            follower.event()
        each = (server.rss_bytes() - before) / FOLLOWERS / 1024
        print(f"{each:.1f} KiB for each of {FOLLOWERS}")
        assert each < KIB_PER_FOLLOWER_MAX
        assert streams(server) >= FOLLOWERS
        delivery = server.api.get(f"/mypages/{order}").json()["deliveryId"]
        server.api.patch(f"/deliveries/{delivery}", {"status": "complete"})
        for follower in followers:
            assert follower.event()[1]["deliveryStatus"] == "complete"
    finally:
        for follower in followers:
            cut(follower)
