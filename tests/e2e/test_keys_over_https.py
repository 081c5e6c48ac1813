"""An issuer's keys behind an https:// URL: fetched from whom the certificate vouches for, and from nobody
else. Method: a server of Python's with a certificate made for the test; what was fetched shows in whether a
token is taken."""
import functools
import http.server
import ssl
import threading

import pytest

from harness import certificates
from harness.api import Api
from harness.command import run
from harness.issuer import Issuer, bearer
from harness.waiting import eventually


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    return Issuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
def provider(issuer, tmp_path):
    """Serves the key set; gives (certificate, URL) for a certificate of that name."""
    servers = []

    def serve(name):
        certificate, key = certificates.make(tmp_path / name, name=name, addresses=())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=issuer.folder))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return certificate, f"https://localhost:{server.server_port}/jwks.json"
    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def flags(issuer, url, certificate=None):
    known = dict(zip(issuer.flags[::2], issuer.flags[1::2]), **{"--auth.jwks": url, "--auth.jwks-period": "1s"})
    if certificate:
        known["--auth.jwks-ca-file"] = certificate
    return [word for pair in known.items() for word in pair]


def status_with_token(server, issuer):
    return Api(server.base_url).get("/payments", headers=bearer(issuer.token("han", "operator"))).status_code


def test_keys_come_from_a_server_that_is_vouched_for(launch, issuer, provider):
    certificate, url = provider("localhost")
    server = launch(*flags(issuer, url, certificate))
    assert status_with_token(server, issuer) == 200


@pytest.mark.parametrize("case", ["another name", "nobody vouches", "another vouches"])
def test_keys_do_not_come_from_anybody_else(launch, issuer, provider, tmp_path, case):
    certificate, url = provider("elsewhere.example" if case == "another name" else "localhost")
    if case == "another vouches":
        certificate, _ = certificates.make(tmp_path / "other")
    server = launch(*flags(issuer, url, None if case == "nobody vouches" else certificate))
    server.trouble_allowed = True  # it says that it has no keys
    assert status_with_token(server, issuer) == 401
    eventually(lambda: "certificate verify failed" in server.log_text())


def test_a_file_that_is_not_there_ends_the_start(issuer, tmp_path):
    done = run("serve", "--port", "0", "--data", tmp_path / "data",
               *flags(issuer, "https://localhost:1/jwks.json", tmp_path / "none.pem"))
    assert done.returncode != 0 and "auth.jwks-ca-file" in done.stderr, done.stderr
