"""The table of harness/smuggling_cases.py against the real program: as one process, and as a gateway
in front of a service of its own. Both must read every request alike, or someone gets the answer, or
sends the request, of somebody else.

Method: raw sockets. Behind the case a last request goes over the same connection: where the case is
refused it must not be answered, else it must, and nothing between. What a case hides, the making of
a menu called "Smuggled", must not have come about; and another connection gets its own answer.
"""
import pytest

from harness.raw_http import RawConnection, split_answers
from harness.smuggling_cases import CASES, SMUGGLED
from test_gateway_services import SERVICES, in_front_of

LAST = b"GET /menus/3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module", params=["one process", "gateway and service"])
def door(module_launch, request):
    if request.param == "one process":
        server = module_launch()
    else:
        # With room for what the gateway adds to a head that is as large as can be.
        services = module_launch("--role", ",".join(SERVICES), "--http.trusted-proxies", "127.0.0.1",
                                 "--http.header-bytes-max", "20KiB", "--http.headers-max", "120")
        services.api.await_up()
        server = in_front_of(module_launch, services)
    server.api.await_up()
    for name in ("Gimbab", "Tea", "Juice"):
        server.api.menu(name)
    server.smuggled = 0
    return server


def ids(name):
    return name.replace(" ", "_").replace(":_", ":")


@pytest.mark.parametrize("case", CASES.values(), ids=map(ids, CASES))
def test_it_is_read_by_all_alike_or_refused(door, case):
    with RawConnection(door.port) as connection:
        connection.send(case.request + LAST)
        answers = split_answers(connection.read_to_end(), case.heads)
    expected = case.statuses if case.closes else [*case.statuses, 200]
    assert [answer.status for answer in answers] == expected, answers
    if not case.closes:
        assert b'"Juice"' in answers[-1].body, "an answer to another request"
    with RawConnection(door.port) as other:
        other.send(LAST)
        answers = split_answers(other.read_to_end())
    assert [answer.status for answer in answers] == [200] and b'"Juice"' in answers[0].body
    before, door.smuggled = door.smuggled, door.api.get("/menus?size=1000").text.count(SMUGGLED)
    assert door.smuggled == before, "what the request hid was done"
