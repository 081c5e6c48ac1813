"""How streams of an order end, how many there may be, and what those who only wait cost.

Method: raw sockets to one real process. All orders are made before anybody is measured.
"""
import resource

from harness.api import assert_problem, id_in
from harness.follower import Deaf, Follower, cut, streams
from harness.issuer import Issuer, bearer
from harness.waiting import eventually

FOLLOWERS = 5000
KIB_PER_FOLLOWER_MAX = 16


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


def test_one_client_has_as_many_streams_as_it_may_and_leaves_others_theirs(launch, tmp_path):
    issuer = Issuer(tmp_path)
    server = launch(*issuer.flags, "--mypage.streams-per-client-max", "2")
    kim, lee, operator = (bearer(issuer.token(name, role))
                          for name, role in (("kim", "customer"), ("lee", "customer"), ("han", "operator")))
    server.api.await_up()
    menu = server.api.post("/menus", {"menuNm": "Tea", "price": 1}, headers=operator)
    placed = server.api.post("/orders", {"menuId": id_in(menu.headers["Location"])}, headers=kim)
    order = id_in(placed.headers["Location"])
    path = f"/mypages/{order}/stream"
    eventually(lambda: server.api.get(f"/mypages/{order}", headers=kim).status_code == 200)

    def follow(who):
        return Follower(server.port, order, headers=who)
    with follow(kim) as first, follow(kim) as second:
        first.event(), second.event()
        third = assert_problem(server.api.get(path, headers=kim), 429)
        assert third["code"] == "too-many-streams-of-client"
        assert server.api.get(path, headers=lee).status_code == 404, "it is not theirs, and they hold none"
        with follow(operator) as other:
            other.event()
        cut(first)
        # The next thing to say finds nobody there.
        assert server.api.patch(f"/orders/{order}", {"status": "cancel"}, headers=kim).status_code == 200

        def is_let_in():
            answer = server.api.get(path, headers=kim, stream=True)
            answer.close()
            return answer.status_code == 200
        eventually(is_let_in)


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
    server = launch("--mypage.streams-per-client-max", "0")
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
