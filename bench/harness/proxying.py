"""Proxies side by side: Baedal's gateway, nginx and haproxy before one small upstream."""
from harness import client, haproxy, load, nginx
from harness.baedal import Baedal
from harness.rounds import require, without_errors

PATH = "/orders/1"
BODY = '{"orderId":1,"padding":"' + "x" * 274 + '"}'
assert len(BODY) == 300


class Proxies:
    """Servers on `stack`, by name: gateway, nginx and haproxy before an upstream, and direct, itself."""

    def __init__(self, stack, folder, binary, names):
        upstream = stack.enter_context(nginx.Static(folder / "upstream", BODY))
        instances = {"gateway.instances": f"order=http://127.0.0.1:{upstream.port}"}
        makers = {"gateway": lambda: Baedal(folder / "gateway", binary, ("gateway",), instances),
                  "nginx": lambda: nginx.Proxy(folder / "nginx", upstream.port),
                  "haproxy": lambda: haproxy.Proxy(folder / "haproxy", upstream.port)}
        self.servers = {"direct": upstream}
        for name in names:
            self.servers[name] = stack.enter_context(makers[name]())

    def check(self):
        """Each gives the upstream's answer."""
        for name, server in self.servers.items():
            answer = client.ask("GET", server.url + PATH)
            told = (answer.status, answer.headers["Content-Type"], answer.body)
            require(told == (200, "application/hal+json", BODY), f"{name}: {told}")

    def get(self, slices, name, seconds, connections):
        """A slice of GETs to one of them, with the CPU of that one alone."""
        server = self.servers[name]
        return slices.run(f"{name} {connections}", [server], lambda: without_errors(
            load.run(server.url + PATH, seconds, connections), name))
