"""Runs inside the pod `tools`: cancels the orders of standard input (a JSON list of ids), several at a time,
and prints how each was answered: {status: [seconds of each]}."""
import concurrent.futures
import http.client
import json
import pathlib
import sys
import time

HEADERS = {"Authorization": f"Bearer {pathlib.Path('/tmp/token').read_text(encoding='ascii').strip()}",
           "Content-Type": "application/json", "Accept": "*/*"}


def cancel(order):
    connection = http.client.HTTPConnection("gateway", 8080, timeout=30)
    begun = time.monotonic()
    connection.request("PATCH", f"/orders/{order}", json.dumps({"status": "cancel"}), HEADERS)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, time.monotonic() - begun


results = {}
with concurrent.futures.ThreadPoolExecutor(int(sys.argv[1])) as pool:
    for status, seconds in pool.map(cancel, json.load(sys.stdin)):
        results.setdefault(status, []).append(round(seconds, 4))
print(json.dumps(results))
