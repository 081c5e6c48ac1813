"""One request at a time, to look at answers."""
import dataclasses
import http.client
import json
import urllib.error
import urllib.request

# A proxy of the environment must not come between.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SECONDS_MAX = 15


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    def json(self):
        return json.loads(self.body)


def ask(method, url, body=None):
    """The answer, also when it is an error; `body` is sent as JSON."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data=data, method=method,
                                   headers={"Content-Type": "application/json", "Accept": "*/*"})
    try:
        with OPENER.open(asked, timeout=SECONDS_MAX) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.headers, refused.read().decode())
