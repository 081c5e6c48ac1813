"""A client of the HTTP interface: thin over requests, one connection pool per thread."""
import threading
import urllib.parse

import requests

from harness.waiting import eventually

TIMEOUT_SECONDS = 15


class Api:
    """`headers` go with every request."""

    def __init__(self, base_url, headers=None):
        self.base_url, self._headers = base_url, dict(headers or {})
        self._local = threading.local()

    def request(self, method, path, **options):
        """`path` may be a path or an absolute link of an answer."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
            self._local.session.headers.update(self._headers)
        options.setdefault("timeout", TIMEOUT_SECONDS)
        options.setdefault("allow_redirects", False)
        return self._local.session.request(method, urllib.parse.urljoin(self.base_url, path), **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, **({"json": body} if body is not None else {}), **options)

    def patch(self, path, body=None, **options):
        return self.request("PATCH", path, **({"json": body} if body is not None else {}), **options)

    def put(self, path, body=None, **options):
        return self.request("PUT", path, **({"json": body} if body is not None else {}), **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def head(self, path, **options):
        return self.request("HEAD", path, **options)

    def options(self, path, **options):
        return self.request("OPTIONS", path, **options)

    # Steps of the story, each checked.

    def read(self, path, **options):
        answer = self.get(path, **options)
        assert answer.status_code == 200, describe(answer)
        return answer.json()

    def menu(self, name="Gimbab", **fields):
        """A new menu; gives its id."""
        answer = self.post("/menus", {"menuNm": name, **fields})
        assert answer.status_code == 201, describe(answer)
        return id_in(answer.headers["Location"])

    def order(self, menu_id, **fields):
        """A new order; gives its id."""
        answer = self.post("/orders", {"menuId": menu_id, **fields})
        assert answer.status_code == 201, describe(answer)
        return id_in(answer.headers["Location"])

    def await_order(self, order_id, **expected):
        """Waits until the order has these fields; gives it."""
        return self.await_fields(f"/orders/{order_id}", **expected)

    def await_fields(self, path, **expected):
        def reached():
            answer = self.get(path)
            assert answer.status_code == 200, f"{path}: {describe(answer)}"
            resource = answer.json()
            present = {name: resource.get(name) for name in expected}
            assert present == expected, f"{path}: {present}, waiting for {expected}"
            return resource
        return eventually(reached)

    def started_order(self, menu_id, **fields):
        """A new order, paid and on its way; gives the order as it then is."""
        return self.await_order(self.order(menu_id, **fields), paymentStatus="paid", deliveryStatus="started")

    def payment_of(self, order_id):
        answer = self.get("/payments/search/findByOrderId", params={"orderId": order_id})
        return answer.json() if answer.status_code == 200 else None

    def mypage_of(self, order_id):
        answer = self.get("/mypages/search/findByOrderId", params={"orderId": order_id})
        return answer.json() if answer.status_code == 200 else None

    def await_payment(self, order_id, status):
        def reached():
            payment = self.payment_of(order_id)
            assert payment and payment["status"] == status, f"payment of {order_id}: {payment}"
            return payment
        return eventually(reached)

    def await_mypage(self, order_id, **expected):
        return self.await_fields(f"/mypages/search/findByOrderId?orderId={order_id}", **expected)

    def await_up(self):
        """The health once all of it is up: a new view is a moment later than the socket."""
        return eventually(lambda: self.read("/actuator/health"))

    def every(self, collection, page_size=500):
        """All rows of a paged collection, by following `next`."""
        path = f"/{collection}?size={page_size}"
        while path:
            page = self.read(path)
            yield from page["_embedded"][collection]
            path = page["_links"].get("next", {}).get("href")


def id_in(link):
    return int(link.rstrip("/").rsplit("/", 1)[1])


def self_id(resource):
    """The id of a resource, from its self link: the seed's representation has no other."""
    return id_in(resource["_links"]["self"]["href"])


def describe(answer):
    return f"{answer.request.method} {answer.request.url} -> {answer.status_code} {answer.text[:500]}"


def assert_problem(answer, *statuses):
    """A refusal as problem+json with the seed's error fields too; gives the problem."""
    assert answer.status_code in statuses, describe(answer)
    assert answer.headers["Content-Type"].startswith("application/problem+json"), describe(answer)
    problem = answer.json()
    assert problem["status"] == answer.status_code
    for field in ("type", "title", "detail", "timestamp", "error", "message", "path"):
        assert field in problem, f"no {field} in {problem}"
    return problem
