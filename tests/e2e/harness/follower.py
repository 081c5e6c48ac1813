"""One who follows an order by server-sent events, over a raw socket."""
import json
import socket
import struct

from harness.raw_http import RawConnection


class Follower(RawConnection):
    """Reads events as a browser does."""

    def __init__(self, port, order, last_event=None, headers=None):
        super().__init__(port)
        self.received = b""
        sent = {"Host": "a", **(headers or {})}
        if last_event is not None:
            sent["Last-Event-ID"] = last_event
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        self.send(f"GET /mypages/{order}/stream HTTP/1.0\r\n{lines}\r\n".encode())

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
