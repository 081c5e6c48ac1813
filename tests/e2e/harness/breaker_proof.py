"""The course's own proof of a circuit breaker, with real processes: an order service whose delivery
answers cancels in 400 to 620 ms at random against a limit of 610 ms, under siege -c100."""
import collections
import concurrent.futures
import json
import os
import re
import statistics
import subprocess
import threading
import time

from harness.api import Api

WATCHERS = 4
CHANGE = re.compile(r'circuit breaker changed name=delivery from=(\w+) to=(\w+)')
LIMIT = ("--delivery.time-limit", "610ms")
# One answer in twenty comes too late: a breaker that opens at that rate is seen to open and close.
SENSITIVE = ("--circuit-breaker.failure-rate-threshold", "5",
             "--circuit-breaker.wait-duration-in-open-state", "1s",
             "--circuit-breaker.permitted-number-of-calls-in-half-open-state", "5")
SIEGE_ATTEMPTS = 3


def start(launch, slow_delivery, *flags):
    """The order service in front of it; menus are beside the orders."""
    return launch("--role", "menu,order", "--delivery.url", slow_delivery.url, *LIMIT, *flags)


def place_orders(base_url, count):
    """Gives the ids of so many new orders."""
    api = Api(base_url)
    menu = api.menu("Gimbab", price=3500)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: api.order(menu), range(count)))


class Watchers(threading.Thread):
    """A few clients that cancel as well, and keep what each answer was and how long it took."""

    def __init__(self, base_url, order_ids):
        super().__init__()
        self.api, self.orders = Api(base_url), iter(order_ids)
        self.answers = []   # (status, code, seconds)
        self.cancelled = []
        self.stop = threading.Event()

    def run(self):
        with concurrent.futures.ThreadPoolExecutor(WATCHERS) as pool:
            for _ in range(WATCHERS):
                pool.submit(self._watch)

    def _watch(self):
        while not self.stop.is_set():
            order = next(self.orders, None)
            if order is None:
                return
            began = time.monotonic()
            answer = self.api.patch(f"/orders/{order}", {"status": "cancel"})
            code = answer.json().get("code", "")
            self.answers.append((answer.status_code, code, time.monotonic() - began))
            if answer.status_code == 200:
                self.cancelled.append(order)
            self.stop.wait(0.02)


def siege(base_url, order_ids, seconds, folder):
    """siege -c100 that cancels these orders; gives its figures."""
    urls, settings = folder / "urls.txt", folder / "siege.conf"
    urls.write_text("".join(f'{base_url}/orders/{order} PATCH {{"status":"cancel"}}\n' for order in order_ids))
    settings.write_text("verbose = false\nquiet = true\njson_output = true\nlogging = false\nshow-logfile = false\n"
                        "protocol = HTTP/1.1\nfailures = 10000000\nurl-escaping = false\nparser = false\n")
    command = ["siege", "-R", str(settings), "-c100", f"-t{seconds}S", "--delay=1", "-i", "-f", str(urls),
               "--content-type", "application/json"]
    for attempt in range(SIEGE_ATTEMPTS):
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 15, check=True,
                                   env={**os.environ, "HOME": str(folder)})
            return json.loads(ended.stdout[ended.stdout.index("{"):ended.stdout.rindex("}") + 1])
        except subprocess.TimeoutExpired:
            # At the end of its time siege cancels its threads, and now and then one of them holds a
            # lock it then waits for. Every request of it must have been answered all the same.
            active = re.search(r"^http_server_requests_active_seconds_count\S* (\S+)$",
                               Api(base_url).get("/actuator/prometheus").text, re.MULTILINE)
            assert active and float(active[1]) <= 1 + WATCHERS, f"requests hang: {active and active[0]}"
            assert attempt + 1 < SIEGE_ATTEMPTS, "siege does not end"


def run(server, seconds, folder, orders):
    """One run of the proof; gives its figures."""
    order_ids = place_orders(server.base_url, orders)
    watched = max(seconds * WATCHERS * 50, 100)
    watchers = Watchers(server.base_url, order_ids[:watched])
    watchers.start()
    try:
        besieged = siege(server.base_url, order_ids[watched:], seconds, folder)
    finally:
        watchers.stop.set()
        watchers.join()
    changes = CHANGE.findall(server.log_text())
    by_kind = collections.defaultdict(list)
    for status, code, took in watchers.answers:
        by_kind[f"{status} {code}".strip()].append(took)
    return {"siege": besieged, "answers": dict(by_kind), "cancelled": watchers.cancelled,
            "opened": sum(to == "OPEN" for _, to in changes), "closed": sum(to == "CLOSED" for _, to in changes)}


def milliseconds(times, share):
    if not times:
        return None
    return 1e3 * (statistics.median(times) if share == 0.5 else sorted(times)[int(share * (len(times) - 1))])
