"""One more check, for a run without a token: what is not for anyone is refused, whatever is sent."""
import schemathesis

import quotes  # noqa: F401: its hook


def is_refused(response):
    # Of a target that is none the server says so, before it looks who asks.
    return response.status_code == 401 or response.status_code == 400 and response.json()["code"] == "bad-target"


@schemathesis.check
def nothing_is_done_for_a_stranger(_ctx, response, case):
    who_may = case.operation.definition.raw["x-roles"]
    if who_may != "anyone" and not is_refused(response):
        raise AssertionError(f"{response.status_code} to a stranger, though it is for {', '.join(who_may)}")
