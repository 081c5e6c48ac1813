"""haproxy as a peer: passes requests on to one upstream, over connections it keeps and shares."""
from harness.process import Server, free_port

THREADS = 2


class Proxy(Server):
    def __init__(self, folder, upstream_port):
        super().__init__(folder)
        self.port = free_port()
        (self.folder / "haproxy.cfg").write_text(f"""
global
  nbthread {THREADS}
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 30s
  option http-keep-alive
  http-reuse always
frontend front
  bind 127.0.0.1:{self.port} backlog 1024
  default_backend behind
backend behind
  server upstream 127.0.0.1:{upstream_port} pool-max-conn -1
""", encoding="utf-8")

    def start(self):
        # -db: in the foreground, in one process
        self.spawn(["haproxy", "-db", "-f", self.folder / "haproxy.cfg"])
        return self.await_port()
