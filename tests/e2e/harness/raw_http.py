"""Bytes to a socket and back, for what no honest client library would send."""
import collections
import re
import socket


class RawConnection:
    def __init__(self, port, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """Sends all; False when the other side has closed already."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def read_to_end(self, bytes_max=1 << 20):
        """Everything until the other side closes; fails after the timeout, so a hang is an error."""
        received = b""
        try:
            while len(received) < bytes_max:
                chunk = self.socket.recv(65536)
                if not chunk:
                    break
                received += chunk
        except ConnectionResetError:
            pass
        return received

    def read_response(self):
        """(status, lower-case headers, body) of one response; None when closed without one."""
        received = b""
        while b"\r\n\r\n" not in received:
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                return None
            if not chunk:
                return None
            received += chunk
        head, body = received.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip()
                   for name, value in (line.split(":", 1) for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            chunk = self.socket.recv(65536)
            if not chunk:
                break
            body += chunk
        return int(lines[0].split()[1]), headers, body


def exchange(port, data, timeout=10):
    """Sends `data`, gives the first response's status, or None for a closed connection."""
    with RawConnection(port, timeout) as connection:
        connection.send(data)
        response = connection.read_response()
        return response[0] if response else None


def statuses(data):
    """The status of every response in a byte stream of responses."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n", data)]


Answer = collections.namedtuple("Answer", "status headers body")


def split_answers(data, heads=()):
    """Every whole response of a byte stream but those 1xx, told apart by their framing alone. `heads`:
    which of them answer a HEAD. Fails on whatever is no response, and on a body that breaks off."""
    answers = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, f"half a head: {head!r}"
        line, *fields = head.decode("latin-1").split("\r\n")
        match = re.fullmatch(r"HTTP/1\.1 (\d{3}) [ -~]*", line)
        assert match, f"no status line: {line!r}"
        status = int(match.group(1))
        if status < 200:
            continue
        headers = {name.lower(): value.strip() for name, value in (field.split(":", 1) for field in fields)}
        body = b""
        if len(answers) not in heads and status not in (204, 304):
            body, data = _split_body(headers, data)
        answers.append(Answer(status, headers, body))
    return answers


def _split_body(headers, data):
    if headers.get("transfer-encoding") != "chunked":
        size = int(headers["content-length"])
        assert len(data) >= size, "a body breaks off"
        return data[:size], data[size:]
    body = b""
    while True:
        line, _, data = data.partition(b"\r\n")
        size = int(line, 16)
        body += data[:size]
        assert data[size:size + 2] == b"\r\n", "a chunk breaks off"
        data = data[size + 2:]
        if size == 0:
            return body, data
