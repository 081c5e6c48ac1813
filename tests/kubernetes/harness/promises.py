"""Runs inside the pod `tools`, beside the harness of the end-to-end suite: waits until every order has
ended, checks the promises of ARCHITECTURE.md section 5, and prints how many orders there are. Standard
input: the JSON list of the order ids that were answered 201."""
import json
import pathlib
import sys

from harness.api import Api
from harness.invariants import check_everything
from harness.issuer import bearer

answered = json.load(sys.stdin)
assert len(answered) == len(set(answered)), "one id was answered twice"
token = pathlib.Path("/tmp/token").read_text(encoding="ascii").strip()
orders = check_everything(Api("http://gateway:8080", bearer(token)), answered, seconds_max=float(sys.argv[1]))
print(json.dumps({"orders": len(orders)}))
