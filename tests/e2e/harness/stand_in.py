"""A stand-in for a service behind the gateway: a small HTTP/1.1 server in this process that keeps
what it was asked, and behaves well or badly as a test says."""
import base64
import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WEB_SOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PIECE = b"p" * 65536


class StandIn:
    """With it as `with`: listens on a port of its own, or on `port`. Paths it knows:

    /things...   what it saw of the request, as JSON      /echo     the body, as it comes
    /large       `large_bytes` of body                    /events   server-sent events, by event()
    /chat        a WebSocket that echoes                  /unread   reads nothing of the body
    /broken      half an answer                           /actuator/health/readiness
    """

    def __init__(self, name="stand-in", port=0):
        self.name = name
        self.asked = []          # (method, target)
        self.status = 200        # of /things
        self.healthy = True
        self.large_bytes = 0
        self.sent = self.received = 0
        self.hold = threading.Event()      # /things waits for it
        self.hold.set()
        self.next_event = threading.Semaphore(0)
        self.unread = threading.Event()    # /unread goes on
        self._wanted_port = port
        self._connections = set()

    def __enter__(self):
        stand_in = self

        class Handler(_Handler):
            owner = stand_in

        self._server = _Server(("127.0.0.1", self._wanted_port), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.die()

    def die(self):
        """Ends at once, as a process that is killed: every connection is reset."""
        self.hold.set()
        self.unread.set()
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def event(self):
        """Lets /events send one more."""
        self.next_event.release()

    def asked_for(self, path):
        return [target for _, target in self.asked if target.startswith(path)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A connection that ends under a handler is what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner = None

    def setup(self):
        super().setup()
        self.owner._connections.add(self.connection)

    def finish(self):
        self.owner._connections.discard(self.connection)
        super().finish()

    def log_message(self, *_):
        pass

    def _pieces(self):
        """The body as it comes."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                piece = self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return
                yield piece
        left = int(self.headers.get("Content-Length", 0))
        while left > 0:
            piece = self.rfile.read1(min(left, 65536))
            if not piece:
                return
            left -= len(piece)
            yield piece

    def _answer(self, status, body, content_type="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _chunked(self, pieces, content_type):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _handle(self):
        owner = self.owner
        path = self.path.split("?")[0]
        if path == "/actuator/health/readiness":
            return self._answer(200 if owner.healthy else 503, b"{}")
        owner.asked.append((self.command, self.path))
        for prefix, method in (("/echo", self._echo), ("/large", self._large), ("/events", self._events),
                               ("/chat", self._chat), ("/unread", self._unread), ("/broken", self._broken)):
            if path.startswith(prefix):
                return method()
        return self._things()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _handle

    def _things(self):
        body = b"".join(self._pieces())
        self.owner.hold.wait(30)
        seen = {"name": self.owner.name, "method": self.command, "target": self.path,
                "headers": [[name.lower(), value] for name, value in self.headers.items()],
                "body": body.decode("latin-1")}
        self._answer(self.owner.status, json.dumps(seen).encode(), X_Name=self.owner.name,
                     Location=f"{self.owner.url}/things/1")

    def _echo(self):
        self._chunked(self._pieces(), "application/octet-stream")

    def _large(self):
        self.send_response(200)
        self.send_header("Content-Length", str(self.owner.large_bytes))
        self.end_headers()
        while self.owner.sent < self.owner.large_bytes:
            self.wfile.write(PIECE)
            self.owner.sent += len(PIECE)

    def _events(self):
        def events():
            number = 0
            while True:
                self.owner.next_event.acquire()
                number += 1
                yield b"data: %d\n\n" % number
        self._chunked(events(), "text/event-stream")

    def _unread(self):
        self.owner.unread.wait(60)
        for piece in self._pieces():
            self.owner.received += len(piece)
        self._answer(200, b"{}")

    def _broken(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def _chat(self):
        accept = base64.b64encode(
            hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() + WEB_SOCKET_GUID).digest()).decode()
        self.send_response(101)
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()
        self.close_connection = True
        while True:
            head = self.rfile.read(2)
            if len(head) < 2 or head[0] & 0x0F == 8:
                return
            mask = self.rfile.read(4)
            payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.rfile.read(head[1] & 0x7F)))
            self.wfile.write(bytes([0x81, len(payload)]) + payload)


def routes_file(folder, *routes, name="routes.yml", default_filters=()):
    """Writes routes, as mappings, where --gateway.routes-file finds them. JSON is YAML."""
    file = folder / name
    gateway = {"routes": list(routes), "default-filters": list(default_filters)}
    file.write_text(json.dumps({"spring": {"cloud": {"gateway": gateway}}}), encoding="utf-8")
    return file


def route(id, *instances, predicates=("Path=/**",), filters=(), **metadata):
    """A route to instances, which are stand-ins or URLs."""
    urls = [getattr(instance, "url", instance) for instance in instances]
    return {"id": id, "uri": urls[0], "predicates": list(predicates), "filters": list(filters),
            "metadata": {"instances": urls, **{key.replace("_", "-"): value for key, value in metadata.items()}}}
