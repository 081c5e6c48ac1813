"""A collector of traces: takes OTLP over HTTP in JSON, strictly by the specification's words for that
form, and keeps the spans. It can be slow, refuse, or hang, as a test says."""
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}
NANOSECONDS_OF_2020 = 1_577_836_800 * 10**9


class Span:
    """One span, with its attributes and those of its resource as plain dicts."""

    def __init__(self, raw, resource):
        self.raw = raw
        self.resource = resource
        self.trace, self.id, self.parent = raw["traceId"], raw["spanId"], raw.get("parentSpanId")
        self.name, self.kind = raw["name"], KINDS[raw["kind"]]
        self.attributes = plain(raw["attributes"])
        self.failed = raw["status"].get("code") == 2

    @property
    def service(self):
        return self.resource["service.name"]

    def __repr__(self):
        return f"{self.service}: {self.kind} {self.name} {self.id} < {self.parent} {self.attributes}"


class Collector:
    """As `with`: listens on a port of its own. `status` other than 200 refuses; while `hold` is
    cleared, requests hang."""

    def __init__(self):
        self.status = 200
        self.hold = threading.Event()
        self.hold.set()
        self.requests = 0
        self.headers = []
        self.faults = []
        self._spans = []
        self._lock = threading.Lock()

    def __enter__(self):
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.requests += 1
                collector.hold.wait()
                status = collector.status
                if status == 200:
                    collector.take(self.path, self.headers, body)
                answer = b'{"partialSuccess":{}}'
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    pass  # it has gone meanwhile

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1/traces"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def flags(self):
        """The settings of a process that tells all it does, soon."""
        return ("--tracing.otlp-endpoint", self.url, "--tracing.sampling-ratio", "1",
                "--tracing.export-interval", "50ms")

    def take(self, path, headers, body):
        try:
            assert path == "/v1/traces", path
            assert headers["Content-Type"] == "application/json"
            spans = list(read(json.loads(body)))
        except (AssertionError, KeyError, TypeError, ValueError) as fault:
            self.faults.append(f"{fault!r} in {body[:2000]!r}")
            return
        with self._lock:
            self.headers.append(dict(headers))
            self._spans += spans

    def spans(self, **wanted):
        """Those whose fields (trace, name, kind, service) are as wanted."""
        assert not self.faults, self.faults[0]
        with self._lock:
            return [span for span in self._spans
                    if all(getattr(span, field) == value for field, value in wanted.items())]


def read(request):
    """The spans of an ExportTraceServiceRequest; fails on whatever the form does not allow."""
    only(request, "resourceSpans")
    for of_resource in request["resourceSpans"]:
        only(of_resource, "resource", "scopeSpans", "schemaUrl")
        only(of_resource["resource"], "attributes")
        resource = plain(of_resource["resource"]["attributes"])
        assert resource["service.name"] and resource["telemetry.sdk.language"] == "cpp", resource
        for of_scope in of_resource["scopeSpans"]:
            only(of_scope, "scope", "spans", "schemaUrl")
            only(of_scope["scope"], "name", "version")
            assert of_scope["scope"]["name"] == "baedal"
            for span in of_scope["spans"]:
                check(span)
                yield Span(span, resource)


def check(span):
    only(span, "traceId", "spanId", "traceState", "parentSpanId", "flags", "name", "kind", "startTimeUnixNano",
         "endTimeUnixNano", "attributes", "links", "status")
    assert re.fullmatch("[0-9a-f]{32}", span["traceId"]) and span["traceId"] != "0" * 32, span
    assert re.fullmatch("[0-9a-f]{16}", span["spanId"]) and span["spanId"] != "0" * 16, span
    if "parentSpanId" in span:
        assert re.fullmatch("[0-9a-f]{16}", span["parentSpanId"]) and span["parentSpanId"] != "0" * 16, span
    assert isinstance(span["flags"], int) and span["flags"] & 1, "only sampled spans are exported"
    assert isinstance(span["name"], str) and span["name"], span
    assert type(span["kind"]) is int and span["kind"] in KINDS, "an enumeration is a number in this form"
    for time in ("startTimeUnixNano", "endTimeUnixNano"):
        assert isinstance(span[time], str) and re.fullmatch("[0-9]+", span[time]), "64 bits are a string"
    assert NANOSECONDS_OF_2020 < int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    plain(span["attributes"])
    only(span["status"], "code", "message")
    if "code" in span["status"]:
        assert span["status"]["code"] in (0, 1, 2)


def plain(attributes):
    found = {}
    for attribute in attributes:
        only(attribute, "key", "value")
        (kind, value), = attribute["value"].items()
        if kind == "intValue":
            assert isinstance(value, str) and re.fullmatch("-?[0-9]+", value), "64 bits are a string"
            value = int(value)
        elif kind == "boolValue":
            assert isinstance(value, bool)
        else:
            assert kind == "stringValue" and isinstance(value, str), attribute
        assert attribute["key"] and attribute["key"] not in found, f"{attribute['key']} twice"
        found[attribute["key"]] = value
    return found


def only(fields, *allowed):
    assert set(fields) <= set(allowed), f"unknown: {set(fields) - set(allowed)}"
