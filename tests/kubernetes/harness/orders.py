"""Runs inside the pod `tools`: places orders through the gateway until the file named by --stop is there,
and prints what became of them as JSON. Every order has an Idempotency-Key of its own; nothing is sent
twice. Its token is in /tmp/token. Needs Python's own library alone."""
import argparse
import http.client
import json
import pathlib
import threading
import time
import urllib.parse
import uuid


class Clients:
    def __init__(self, url, token, menu, stop):
        self.url, self.menu, self.stop = urllib.parse.urlsplit(url), menu, stop
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "*/*"}
        self.mutex = threading.Lock()
        self.orders, self.answers, self.failures, self.longest = [], {}, [], 0.0

    def run(self, number, pause, keep_alive):
        connection = None
        while not self.stop.exists():
            connection = connection or http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=30)
            begun = time.monotonic()
            try:
                kept = self.order(connection)
            except (OSError, http.client.HTTPException) as failure:
                kept = False
                with self.mutex:
                    self.failures.append(f"{time.time():.3f} client {number}: {failure!r}")
            with self.mutex:
                self.longest = max(self.longest, time.monotonic() - begun)
            if not kept or not keep_alive:
                connection.close()
                connection = None
            time.sleep(pause)

    def order(self, connection):
        """Whether the connection may be used again."""
        body = json.dumps({"menuId": self.menu, "menuNm": "Gimbab", "qty": 1})
        connection.request("POST", "/orders", body, self.headers | {"Idempotency-Key": str(uuid.uuid4())})
        answer = connection.getresponse()
        text = answer.read()
        with self.mutex:
            self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
            if answer.status == 201:
                self.orders.append(json.loads(text)["orderId"])
            else:
                self.failures.append(f"{time.time():.3f}: {answer.status} {text[:300].decode(errors='replace')}")
        return not answer.will_close


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://gateway:8080")
    parser.add_argument("--menu", type=int, required=True)
    parser.add_argument("--stop", type=pathlib.Path, required=True)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between a client's orders")
    arguments = parser.parse_args()
    token = pathlib.Path("/tmp/token").read_text(encoding="ascii").strip()
    clients = Clients(arguments.url, token, arguments.menu, arguments.stop)
    threads = [threading.Thread(target=clients.run, args=(n, arguments.pause, n % 2 == 0))
               for n in range(arguments.clients)]
    for thread in threads:
        thread.start()
    print("placing", flush=True)
    for thread in threads:
        thread.join()
    print(json.dumps({"orders": clients.orders, "answers": clients.answers, "failures": clients.failures,
                      "longest": clients.longest}), flush=True)


if __name__ == "__main__":
    main()
