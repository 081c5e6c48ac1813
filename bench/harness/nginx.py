"""nginx as a peer: bodies from memory, or passing requests on to an upstream."""
import os

from harness.process import Server, free_port

WORKERS = 2


class _Nginx(Server):
    """Two workers and no access log. `http` is what stands in its http block."""

    def configure(self, http):
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""
daemon off; worker_processes {WORKERS}; pid {self.folder}/pid; error_log {self.folder}/error.log; {user}
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; etag off;
  client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
  fastcgi_temp_path {self.folder}/fastcgi; uwsgi_temp_path {self.folder}/uwsgi;
  scgi_temp_path {self.folder}/scgi;
{http}
}}
""", encoding="utf-8")

    def start(self):
        self.spawn(["nginx", "-c", self.folder / "nginx.conf", "-p", self.folder])
        return self.await_port()


class Static(_Nginx):
    """Answers every request with the same status, headers and body, from memory."""

    def __init__(self, folder, body, status=200, headers=(), content_type="application/hal+json"):
        super().__init__(folder)
        self.port = free_port()
        # A dollar begins a variable of nginx; another sign keeps the size.
        quoted = body.replace("\\", "\\\\").replace('"', '\\"').replace("$", "_")
        added = "".join(f"      add_header {name} '{value}';\n" for name, value in headers)
        self.configure(f"""
  server {{
    listen 127.0.0.1:{self.port} backlog=1024;
    location / {{
      default_type {content_type};
{added}      return {status} "{quoted}";
    }}
  }}""")


class Proxy(_Nginx):
    """Passes every request to one upstream over connections that stay open."""

    def __init__(self, folder, upstream_port, connections=256):
        super().__init__(folder)
        self.port = free_port()
        self.configure(f"""
  upstream behind {{
    server 127.0.0.1:{upstream_port};
    keepalive {connections}; keepalive_requests 1000000000; keepalive_timeout 600s;
  }}
  server {{
    listen 127.0.0.1:{self.port} backlog=1024;
    location / {{
      proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection "";
    }}
  }}""")
