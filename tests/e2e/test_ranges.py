"""No answer has ranges: whoever asks for a part gets the whole, as RFC 9110 section 14.2 lets a server choose.

Method: each thing is asked for with and without Range, at the services and through a gateway before them.
"""
import re

import pytest

from harness.api import describe
from test_gateway_services import SERVICES, in_front_of

RANGES = ["bytes=0-4", "bytes=2-", "bytes=-1", "bytes=0-0,2-3, -1", "bytes=9-1", "bytes=a-b", "bytes", "lines=1-2", "=",
          "bytes=0-99999999999999999999999999", "bytes=18446744073709551616-", "bytes=" + "0-0," * 2000 + "1-1"]
OF_ANSWERS_MADE_ANEW = ("Date", "X-Request-Id", "traceparent")


@pytest.fixture(scope="module")
def services(module_launch):
    return module_launch("--role", ",".join(SERVICES), "--http.trusted-proxies", "127.0.0.1")


@pytest.fixture(scope="module", params=["the services", "a gateway"])
def asked(request, module_launch, services):
    if request.param == "the services":
        return services.api
    return in_front_of(module_launch, services).api


def whole(answer):
    headers = {name: value for name, value in answer.headers.items() if name not in OF_ANSWERS_MADE_ANEW}
    return answer.status_code, headers, answer.content


def assert_whole_whatever_part(api, path, **headers):
    plain = api.get(path, headers=headers)
    assert plain.status_code == 200 and "Content-Range" not in plain.headers, describe(plain)
    for part in RANGES:
        for condition in ({}, {"If-Range": plain.headers.get("ETag", '"1"')}, {"If-Range": 'W/"0"'}, {"If-Range": "never"}):
            answer = api.get(path, headers={**headers, "Range": part, **condition})
            assert whole(answer) == whole(plain), (path, part[:40], condition, describe(answer))
    assert whole(api.head(path, headers={**headers, "Range": "bytes=0-4"})) == whole(api.head(path, headers=headers))


def test_an_item_and_a_list_of_the_api(asked):
    item = f"/menus/{asked.menu('Gimbab', price=4500)}"
    assert_whole_whatever_part(asked, item)
    assert_whole_whatever_part(asked, "/menus?size=3")
    answer = asked.get(item, headers={"Range": "bytes=0-4", "If-None-Match": asked.get(item).headers["ETag"]})
    assert answer.status_code == 304, "what is there already is not sent, whole or not"


def test_the_pages_of_the_browser(launch):
    api = launch().api
    page = api.get("/", headers={"Accept": "text/html"})
    if not page.headers["Content-Type"].startswith("text/html"):
        pytest.skip("a program built without pages")
    assert_whole_whatever_part(api, "/", Accept="text/html")
    script = re.search(r'src="(/assets/[^"]+\.js)"', page.text).group(1)
    assert_whole_whatever_part(api, script)
