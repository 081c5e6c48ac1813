"""Row 4: the customer's page out of a million.

`GET /mypages/{id}` with random ids and 64 connections, through the gateway's route of one process with
the roles gateway and mypage, over a million lines in LMDB. The peer is nginx answering a body of the same
size from memory to the same requests.
"""
import contextlib
import itertools

from harness import fill, load, nginx
from harness.baedal import Baedal
from harness.rounds import Round, Row, Slices, in_turn, require, without_errors

LINES = 1_000_000
CONNECTIONS = 64
CHECKED = (1, 2, 9, 10, 4711, 499_999, 500_000, LINES - 1, LINES)


def check(baedal):
    """Answers from all over the view are the ones filled in; the last of them."""
    for number in CHECKED:
        answer = baedal.ask("GET", f"/mypages/{number}")
        require(answer.status == 200, f"GET /mypages/{number}: {answer.status} {answer.body}")
        line = answer.json()
        expected = {"orderId": number, "deliveryId": number, "status": "ordered",
                    "deliveryStatus": "started", "paymentStatus": "paid", "qty": 1 + number % 9}
        told = {name: line.get(name) for name in expected}
        require(told == expected, f"GET /mypages/{number}: {told}, not {expected}")
    gone = baedal.ask("GET", f"/mypages/{LINES + 1}")
    require(gone.status == 404, f"GET /mypages/{LINES + 1}: {gone.status}")
    return answer


def get(server, seconds):
    return without_errors(load.run(server.url + "/mypages", seconds, CONNECTIONS, "get_random.lua",
                                   (1, LINES)), type(server).__name__)


def measure(given, folder):
    fill.fill(folder / "baedal/data", mypages=LINES)
    with contextlib.ExitStack() as stack:
        baedal = stack.enter_context(Baedal(folder / "baedal", given.binary, ("gateway", "mypage")))
        answer = check(baedal)
        peer = stack.enter_context(nginx.Static(folder / "nginx", answer.body, 200,
                                                [("ETag", answer.headers["ETag"])]))
        for server in (baedal, peer):
            get(server, 1)
        for number in itertools.count():
            slices = Slices([baedal, peer])
            done = in_turn(number, {
                "baedal": lambda: slices.run("baedal", [baedal], lambda: get(baedal, given.seconds)),
                "nginx": lambda: slices.run("nginx", [peer], lambda: get(peer, given.seconds))})
            check(baedal)
            yield compared(done["baedal"], done["nginx"], slices.foreign)


def compared(baedal, peer, foreign):
    return Round(
        {"cpu_ratio": baedal.cpu_per_request / peer.cpu_per_request, "rate_ratio": baedal.rate / peer.rate},
        foreign, record={
            "answers/s": baedal.rate, "nginx answers/s": peer.rate,
            "CPU us per answer": baedal.cpu_per_request * 1e6,
            "CPU us per nginx answer": peer.cpu_per_request * 1e6,
            "p99, ms": baedal.result.p99_seconds * 1e3, "nginx p99, ms": peer.result.p99_seconds * 1e3})


ROW = Row(
    number=4, name="mypages", measure=measure, targets=("baedal", fill.TARGET), needs_disk=False,
    work=f"GET /mypages/ID over {LINES} rows, random ids, {CONNECTIONS} connections",
    peer="nginx, a body of the same size from memory", cpu_goal=1.0, rate_goal=1.0)
