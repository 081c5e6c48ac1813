"""Takes the arguments of `baedal`, and serves a whole cluster where the program would serve alone:
the end-to-end tests run on it unchanged (tests/e2e/harness/command.py). What an operator tells one
process of a service is told to each instance.
  as_baedal.py SERVERS_DIR BINARY serve --port 0 --data DIR [settings]
  as_baedal.py SERVERS_DIR BINARY any other command of baedal"""
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import servers
from baedal_cluster import layout
from baedal_cluster.cluster import Cluster
from baedal_cluster.process import ClusterError

# Settings of the environment that every instance is to have, by flag.
PASSED_ON = {"BAEDAL_DELIVERY_TIME_LIMIT": "--delivery.time-limit", "BAEDAL_MENU_TIME_LIMIT": "--menu.time-limit"}


def main():
    folder, binary, *words = sys.argv[1:]
    if words[:2] == ["projection", "rebuild"] and "--url" in words:
        return tell_every_instance(pathlib.Path(folder), binary, words)
    if words[:1] != ["serve"] or "--help" in words:
        os.execv(binary, [binary, *words])
    checked = subprocess.run([binary, "config", "check", *words[1:]], capture_output=True, check=False)
    if checked.returncode != 0:
        sys.stderr.buffer.write(checked.stderr)
        return checked.returncode
    data, flags = _split(words[1:])
    for variable, flag in PASSED_ON.items():
        if variable in os.environ and flag not in flags:
            flags += [flag, os.environ[variable]]
    # Again on the same folder is the same system again.
    name = "e2e" + hashlib.sha1(str(data).encode()).hexdigest()[:12]
    options = layout.Options(data=data, binary=binary, name=name, flags=tuple(flags))
    kafka, postgres = servers.of(folder)
    return serve(Cluster(options, kafka=kafka, postgres=postgres, log_to_stderr=True), pathlib.Path(folder))


def _split(words):
    """The data folder, and the settings that are not the cluster's own business."""
    data, flags, words = None, [], list(words)
    while words:
        word = words.pop(0)
        if word == "--data":
            data = pathlib.Path(words.pop(0)).resolve()
        elif word == "--port":
            words.pop(0)
        else:
            flags.append(word)
    return data, flags


def tell_every_instance(folder, binary, words):
    """`projection rebuild mypage --url GATEWAY`, at each instance of mypage behind that gateway."""
    url = words.index("--url") + 1
    for instance in json.loads(_note_of(folder, words[url]).read_text())[words[2]]:
        done = subprocess.run([binary, *words[:url], instance, *words[url + 1:]], check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


def _note_of(folder, gateway_url):
    return folder / f"gateway-{gateway_url.rsplit(':', 1)[1]}.json"


def serve(cluster, folder):
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_stop.set())
    try:
        cluster.start()
        _note_of(folder, cluster.url).write_text(json.dumps(
            {role: [instance.url for instance in cluster.of(role)] for role in layout.SERVICES}))
        print(f"baedal: serving on {cluster.url}", flush=True)
        asked_to_stop.wait()
        cluster.stop()
    except ClusterError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
