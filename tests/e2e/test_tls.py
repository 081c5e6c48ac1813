"""TLS at the door: who speaks it well is served as over plain HTTP; whoever does not is closed, and nobody
else notices. Method: Python's ssl, `openssl s_client`, and raw sockets; certificates made by the test."""
import json
import re
import socket
import ssl
import struct
import subprocess
import threading

import pytest
import requests

from harness import certificates
from harness.command import run
from harness.waiting import eventually

HANDSHAKE_SECONDS = 1
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000",
}


class Secure:
    """A server with TLS beside its plain port."""

    def __init__(self, launch, folder, *flags):
        self.folder = folder / "tls"
        self.certificate, self.key = certificates.make(self.folder)
        self.server = launch("--tls.port", "0", "--tls.certificate-file", self.certificate, "--tls.key-file", self.key,
                             "--tls.reload-interval", "10ms", "--http.header-timeout", f"{HANDSHAKE_SECONDS}s", *flags)
        self.url = re.search(r"^baedal: serving on (https://\S+)$", self.server.printed, re.M).group(1)
        self.port = int(self.url.rsplit(":", 1)[1])

    def context(self, trusted=None):
        return ssl.create_default_context(cafile=trusted or self.certificate)

    def raw(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def open(self, name="localhost", context=None):
        return (context or self.context()).wrap_socket(self.raw(), server_hostname=name)

    def serves(self, path="/menus"):
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"https://localhost:{self.port}{path}", verify=str(self.certificate), timeout=15)
        assert answer.status_code == 200, answer.text
        return answer

    def failed(self):
        text = self.server.api.get("/actuator/prometheus").text
        return float(re.search(r"^baedal_http_handshakes_failed_total(?:\{.*\})? (\S+)$", text, re.M).group(1))


@pytest.fixture(scope="module")
def secure(module_launch, tmp_path_factory):
    return Secure(module_launch, tmp_path_factory.mktemp("secure"))


def ask(tls, path="/menus"):
    tls.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    read = b""
    while chunk := tls.recv(65536):
        read += chunk
    return read


def until_closed(connection):
    read = b""
    try:
        while chunk := connection.recv(65536):
            read += chunk
    except ConnectionResetError:
        pass
    return read


def test_the_whole_story_is_told_over_tls(secure):
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(secure.certificate)
        base = f"https://localhost:{secure.port}"
        menu = session.post(f"{base}/menus", json={"menuNm": "Gimbab", "price": 4500}, timeout=15)
        assert menu.status_code == 201
        assert menu.headers["Location"].startswith(base + "/menus/")
        order = session.post(f"{base}/orders", json={"menuId": int(menu.headers["Location"].rsplit("/", 1)[1])}, timeout=15)
        assert order.status_code == 201
        assert order.json()["_links"]["self"]["href"].startswith(base)
        assert session.get(order.headers["Location"], timeout=15).status_code == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_are_spoken_with_good_ciphers_and_http_1_1(secure, version):
    context = secure.context()
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2", "http/1.1"])
    with secure.open(context=context) as tls:
        assert tls.selected_alpn_protocol() == "http/1.1"
        name = tls.cipher()[0]
        assert re.search("GCM|CHACHA20", name), name
        assert version == ssl.TLSVersion.TLSv1_3 or name.startswith("ECDHE-"), name
        assert ask(tls).startswith(b"HTTP/1.1 200 ")


def test_large_bodies_both_ways_and_many_requests_on_one_connection(secure):
    with secure.open() as tls:
        for size in (1, 16_383, 16_384, 16_385, 200_000):
            body = json.dumps({"menuNm": "x", "description": "y" * size}).encode()
            tls.sendall(b"POST /menus HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            head = b""
            while b"\r\n\r\n" not in head:
                head += tls.recv(1)
            assert re.match(rb"HTTP/1\.1 (201|400|422) ", head), head
            rest = int(re.search(rb"Content-Length: (\d+)", head).group(1))
            while rest:
                rest -= len(tls.recv(min(rest, 7)))
    for _ in range(60):
        secure.server.api.menu("a" * 100)
    assert len(secure.serves("/menus?size=500").content) > 16_384


def test_pipelined_requests_in_one_record_are_all_answered(secure):
    with secure.open() as tls:
        tls.sendall(b"GET /menus/1 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20
                    + b"GET /menus/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert until_closed(tls).count(b"HTTP/1.1 ") == 21


def client_hello(secure):
    """The first bytes of a good client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = secure.context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    return outgoing.read()


def old_hello(version):
    """A ClientHello of a version that is not spoken any more."""
    body = (version + b"\0" * 32 + b"\0" + struct.pack("!H", 4) + b"\x00\x2f\x00\x35" + b"\x01\x00" + struct.pack("!H", 0))
    handshake = b"\x01" + struct.pack("!I", len(body))[1:] + body
    return b"\x16" + version + struct.pack("!H", len(handshake)) + handshake


BAD_HANDSHAKES = {
    "plain HTTP": lambda hello: b"GET /menus HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "garbage": lambda hello: bytes(range(256)) * 4,
    "zeros": lambda hello: b"\0" * 1024,
    "SSLv2": lambda hello: b"\x80\x2e\x01\x00\x02" + b"\0" * 43,
    "SSLv3": lambda hello: old_hello(b"\x03\x00"),
    "TLS 1.0": lambda hello: old_hello(b"\x03\x01"),
    "TLS 1.1": lambda hello: old_hello(b"\x03\x02"),
    "an alert first": lambda hello: b"\x15\x03\x03\x00\x02\x02\x28",
    "data first": lambda hello: b"\x17\x03\x03\x00\x10" + b"x" * 16,
    "a finished first": lambda hello: b"\x16\x03\x03\x00\x10\x14\x00\x00\x0c" + b"\0" * 12,
    "a record above its bound": lambda hello: b"\x16\x03\x01\xff\xff" + b"\x01" * 65535,
    "an empty record": lambda hello: b"\x16\x03\x01\x00\x00" * 64,
    "a hello of 16 MiB": lambda hello: b"\x16\x03\x01\x40\x00\x01\xff\xff\xff" + b"\0" * 16380,
    "a hello whose lengths lie": lambda hello: hello[:43] + b"\xff" + hello[44:],
    "a hello with a flipped bit": lambda hello: hello[:5] + bytes([hello[5] ^ 0x40]) + hello[6:],
    "a hello twice": lambda hello: hello + hello,
    "a hello, then plain HTTP": lambda hello: hello + b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("case", BAD_HANDSHAKES, ids=[name.replace(" ", "_") for name in BAD_HANDSHAKES])
def test_a_bad_handshake_is_closed_without_a_word_of_http_and_counted(secure, case):
    before = secure.failed()
    with secure.raw() as connection:
        try:
            connection.sendall(BAD_HANDSHAKES[case](client_hello(secure)))
        except OSError:
            pass  # closed before it took it all
        answer = until_closed(connection)
    assert b"HTTP/" not in answer
    eventually(lambda: secure.failed() == before + 1)
    secure.serves()


@pytest.mark.parametrize("bytes_sent", [0, 1, 5, 40], ids=lambda count: f"{count}_bytes")
def test_a_handshake_that_does_not_go_on_is_closed_in_time(secure, bytes_sent):
    with secure.raw() as connection:
        connection.sendall(client_hello(secure)[:bytes_sent])
        connection.settimeout(HANDSHAKE_SECONDS * 15)
        assert b"HTTP/" not in until_closed(connection)


def test_a_handshake_byte_by_byte_is_as_slow_as_it_may_be_and_others_are_not(secure):
    hello = client_hello(secure)
    stop = threading.Event()

    def drip(connection):
        for byte in hello:
            if stop.wait(0.05):
                return
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return

    with secure.raw() as connection:
        dripping = threading.Thread(target=drip, args=(connection,))
        dripping.start()
        for _ in range(5):
            secure.serves()
        connection.settimeout(HANDSHAKE_SECONDS * 15)
        until_closed(connection)
        stop.set()
        dripping.join()


@pytest.mark.parametrize("cut", [1, 60, 200])
def test_a_client_that_hangs_up_in_the_handshake_is_forgotten(secure, cut):
    before = secure.failed()
    with secure.raw() as connection:
        connection.sendall(client_hello(secure)[:cut])
    eventually(lambda: secure.failed() == before + 1)
    secure.serves()


def test_http_2_alone_is_refused_by_its_alert(secure):
    context = secure.context()
    context.set_alpn_protocols(["h2"])
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        secure.open(context=context)


@pytest.mark.parametrize("flags", [("-tls1_2", "-cipher", "AES128-SHA"), ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"),
                                   ("-tls1_2", "-cipher", "NULL-SHA256:@SECLEVEL=0"), ("-tls1_2", "-cipher", "ADH:AECDH:@SECLEVEL=0"),
                                   ("-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"),
                                   ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), ("-tls1", "-cipher", "ALL:@SECLEVEL=0")],
                         ids=["no_forward_secrecy", "no_aead", "no_encryption", "nobody_vouches",
                              "finite_field_groups", "tls_1_1", "tls_1_0"])
def test_weak_ciphers_and_old_versions_find_nothing_in_common(secure, flags):
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", *flags], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0, done.stdout
    assert "Cipher is (NONE)" in done.stdout, done.stdout


def test_a_client_that_was_pushed_down_to_tls_1_2_is_told(secure):
    """RFC 7507: it says that it could do better, and so could the server: somebody is in between."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-tls1_2", "-fallback_scsv"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
    assert "inappropriate fallback" in done.stderr, done.stderr


def test_tls_on_the_plain_port_gets_no_handshake(secure):
    with socket.create_connection(("127.0.0.1", secure.server.port), timeout=15) as connection:
        connection.sendall(client_hello(secure))
        connection.shutdown(socket.SHUT_WR)
        answer = until_closed(connection)
    assert not answer.startswith(b"\x16"), answer
    secure.serves()


def test_nothing_is_taken_before_the_handshake_ends(secure, tmp_path):
    """A resumed session of TLS 1.3 could bring a request along (0-RTT), which anybody could send again."""
    session, request = tmp_path / "session", tmp_path / "request"
    request.write_text("POST /menus HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\n{\"menuNm\":\"Tea\"}")
    connect = ["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-tls1_3", "-ign_eof"]
    bye = "GET /menus HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    before = secure.server.api.read("/menus")["page"]["totalElements"]
    subprocess.run([*connect, "-sess_out", session], input=bye, capture_output=True, text=True, timeout=30, check=False)
    done = subprocess.run([*connect, "-sess_in", session, "-early_data", request], input=bye, capture_output=True,
                          text=True, timeout=30, check=False)
    assert "Early data was accepted" not in done.stdout, done.stdout
    assert secure.server.api.read("/menus")["page"]["totalElements"] == before


def test_renegotiation_is_refused(secure):
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-tls1_2"], input="R\n",
                          capture_output=True, text=True, timeout=30, check=False)
    assert re.search("(?i)no renegotiation|renegotiation|alert", done.stderr), done.stderr
    assert "RENEGOTIATING" in done.stdout + done.stderr
    secure.serves()


def test_an_answer_is_not_mistaken_for_whole_when_a_client_is_cut_off(secure):
    """Without a goodbye of TLS the connection ends; the next one is served."""
    tls = secure.open()
    tls.sendall(b"POST /menus HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
    socket.socket(fileno=tls.detach()).close()
    secure.serves()


def test_the_goodbye_of_tls_comes_before_the_end(secure):
    with secure.open() as tls:
        tls.suppress_ragged_eofs = False
        assert ask(tls).startswith(b"HTTP/1.1 200 ")  # a ragged end would raise


def test_security_headers_stand_in_every_answer_over_tls_and_in_none_without(secure):
    with secure.open() as tls:
        for path in ("/menus", "/nothing", "/actuator/health"):
            with secure.open() as other:
                answer = ask(other, path).decode()
            for name, value in SECURITY_HEADERS.items():
                assert answer.count(f"\r\n{name}: {value}\r\n") == 1, (path, name, answer)
    plain = secure.server.api.get("/menus")
    assert not set(SECURITY_HEADERS) & set(plain.headers)


def test_security_headers_are_a_matter_of_settings(launch):
    server = launch("--security-headers.when", "always", "--security-headers.referrer-policy", "",
                    "--security-headers.content-security-policy", "default-src 'self'")
    headers = server.api.get("/menus").headers
    assert headers["Content-Security-Policy"] == "default-src 'self'"
    assert headers["X-Content-Type-Options"] == "nosniff" and "Referrer-Policy" not in headers


def test_cors_is_closed_unless_it_is_opened(secure):
    for method in ("OPTIONS", "GET"):
        answer = secure.server.api.request(method, "/menus", headers={
            "Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"})
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")], answer.headers


def test_a_new_certificate_is_used_without_a_restart_and_a_bad_one_is_not(launch, tmp_path):
    secure = Secure(launch, tmp_path)
    first = secure.certificate.read_bytes()
    kept = secure.open()
    secure.certificate.write_text("nothing")
    eventually(lambda: "cannot be used" in secure.server.log_text())
    secure.certificate.write_bytes(first)
    secure.serves()
    certificate, key = certificates.make(tmp_path / "new", days=3)
    key.rename(secure.key)
    certificate.rename(secure.certificate)
    second = secure.certificate.read_bytes()
    assert first != second
    def offered():
        return ssl.get_server_certificate(("127.0.0.1", secure.port)).strip().encode()
    eventually(lambda: offered() == second.strip())
    secure.serves()
    with kept:  # of before: it goes on
        assert ask(kept).startswith(b"HTTP/1.1 200 ")
    assert "BEGIN" not in secure.server.log_text()


def test_other_names_than_its_own_are_refused_where_they_are_listed(launch, tmp_path):
    secure = Secure(launch, tmp_path, "--tls.server-names", "localhost,baedal.example")
    secure.open("localhost").close()
    secure.open("LOCALHOST").close()
    context = secure.context()
    context.check_hostname = False
    for name in ("evil.example", "localhost.evil.example", "xn--evil"):
        with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
            secure.open(name, context)
    secure.open(None, context).close()  # who asks for the address sends no name


def test_tls_1_3_alone_may_be_asked_for(launch, tmp_path):
    secure = Secure(launch, tmp_path, "--tls.minimum-version", "1.3")
    secure.serves()
    context = secure.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        secure.open(context=context)


@pytest.mark.parametrize("fault", ["no key", "another key", "no certificate", "not PEM", "with a password"])
def test_what_cannot_be_used_ends_the_start_and_is_named(tmp_path, fault):
    certificate, key = certificates.make(tmp_path / "tls")
    flags = ["--tls.certificate-file", certificate, "--tls.key-file", key]
    if fault == "no key":
        flags = flags[:2]
    if fault == "another key":
        _, flags[3] = certificates.make(tmp_path / "other")
    if fault == "no certificate":
        certificate.unlink()
    if fault == "not PEM":
        key.write_text("a key, it says")
    if fault == "with a password":
        locked = tmp_path / "locked.pem"
        certificates.openssl("pkey", "-in", key, "-aes128", "-passout", "pass:abcd", "-out", locked)
        flags[3] = locked
    done = run("serve", "--port", "0", "--tls.port", "0", "--data", tmp_path / "data", *flags, timeout=30,
               stdin=subprocess.DEVNULL)
    assert done.returncode == 1 and re.search(r"tls\.|\.pem", done.stderr), done.stderr
    assert "PRIVATE" not in done.stderr and "a key, it says" not in done.stderr
