#!/usr/bin/python3
"""A program that says it serves, and answers every order with another one than was asked for."""
import http.server
import json

MENU = {"menuId": 1, "menuNm": "Gimbab", "price": 3500}
ORDER = {"orderId": 1, "menuId": 1, "menuNm": "Gimbab", "qty": 3, "status": "ordered"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/hal+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200, {"status": "UP"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201, MENU if self.path == "/menus" else ORDER)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"baedal: serving on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
