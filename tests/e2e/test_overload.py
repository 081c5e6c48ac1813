"""More requests at once than are taken on: some get a 503 at once, none is lost or done twice, and the
operator is answered all the while."""
import contextlib
import json

from harness.raw_http import RawConnection
from harness.waiting import eventually

AT_ONCE = 64
ORDER = json.dumps({"menuId": 1, "menuNm": "Gimbab", "qty": 1}).encode()
SET_LEVEL = b'{"configuredLevel":"INFO"}'


def post(path, body):
    return (b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (path.encode(), len(body), body))


class Wave:
    """Requests over many connections, all sent before the first answer is read."""

    def __init__(self, connections):
        self.connections, self.accepted, self.refused = connections, 0, 0

    def send(self, operator):
        for connection in self.connections:
            assert connection.send(post("/orders", ORDER))
        assert operator.send(post("/actuator/loggers/http", SET_LEVEL))
        status, _, _ = operator.read_response()
        assert status < 300
        for connection in self.connections:
            self.take(*connection.read_response())

    def take(self, status, headers, body):
        if status == 201:
            self.accepted += 1
            return
        assert status == 503
        assert headers["retry-after"] == "1"
        assert "connection" not in headers  # it can be asked again
        assert json.loads(body)["code"] == "overloaded"
        self.refused += 1


def shed(api):
    values = api.read("/actuator/metrics/baedal.http.requests.shed")["measurements"]
    return next(value["value"] for value in values if value["statistic"] == "COUNT")


def test_beyond_the_bound_some_are_refused_at_once_none_is_lost_and_the_operator_is_answered(launch):
    server = launch("--http.backlog-max", "2")
    api = server.api
    api.menu("Gimbab")
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(RawConnection(server.port)) for _ in range(AT_ONCE)]
        operator = stack.enter_context(RawConnection(server.port))
        wave = Wave(connections)

        def some_of_each():
            wave.send(operator)
            return wave.accepted > 0 and wave.refused > 0

        eventually(some_of_each)
        assert api.get("/actuator/health/liveness").status_code == 200
        assert shed(api) == wave.refused
        assert api.read("/orders?size=1")["page"]["totalElements"] == wave.accepted
