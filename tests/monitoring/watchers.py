"""A real Prometheus and a real Alertmanager with the repository's own rules and routing, in a hurry,
and a receiver of what Alertmanager sends."""
import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
import yaml

from harness.command import ROOT
from harness.waiting import eventually

sys.path.insert(0, str(ROOT / "script"))

from baedal_cluster import ports  # noqa: E402 pylint: disable=wrong-import-position

MONITORING = ROOT / "deploy" / "monitoring"
START_SECONDS_MAX = 90


class Receiver:
    """Takes Alertmanager's webhooks; `told` is what came, as (path, status, labels, annotations)."""

    def __init__(self):
        self.told = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in message["alerts"]:
                    receiver.told.append((self.path, alert["status"], alert["labels"], alert["annotations"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def of(self, alert, status):
        return [one for one in self.told if one[1] == status and one[2]["alertname"] == alert]

    def await_told(self, alert, status, seconds_max=30):
        """(path, labels, annotations) of the first."""
        def told():
            found = self.of(alert, status)
            seen = {(one[2]["alertname"], one[1]) for one in self.told}
            assert found, f"{alert} is not {status}; told so far: {seen}"
            return found
        path, _, labels, annotations = eventually(told, seconds_max)[0]
        return path, labels, annotations


class Watchers:
    """Prometheus and Alertmanager watching one process of all roles at `port`."""

    def __init__(self, folder, port, receiver):
        self.folder = folder
        folder.mkdir()
        self._processes = []
        self.alertmanager = f"http://127.0.0.1:{self._start_alertmanager(receiver)}"
        self.prometheus = f"http://127.0.0.1:{self._start_prometheus(port)}"
        for url in (self.alertmanager, self.prometheus):
            eventually(lambda url=url: self._is_ready(url), START_SECONDS_MAX)

    @staticmethod
    def _is_ready(url):
        try:
            return requests.get(f"{url}/-/ready", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False

    def _start_alertmanager(self, receiver):
        text = (MONITORING / "alertmanager" / "alertmanager.yaml").read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:9094", f"127.0.0.1:{receiver.port}")
        text = re.sub(r"group_wait: \w+", "group_wait: 100ms", text)
        text = re.sub(r"group_interval: \w+", "group_interval: 500ms", text)
        config = self.folder / "alertmanager.yaml"
        config.write_text(text, encoding="utf-8")
        port = ports.take()
        self._run("prometheus-alertmanager", f"--config.file={config}", f"--storage.path={self.folder / 'alertmanager'}",
                  f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=")
        self._alertmanager_port = port
        return port

    def _start_prometheus(self, watched):
        rules = self.folder / "rules"
        rules.mkdir()
        for file in (MONITORING / "prometheus" / "rules").glob("*.yaml"):
            (rules / file.name).write_text(hurried(file.read_text(encoding="utf-8")), encoding="utf-8")
        document = yaml.safe_load((MONITORING / "prometheus" / "prometheus.yaml").read_text(encoding="utf-8"))
        document["global"] = {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"}
        document["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{self._alertmanager_port}"]
        (self.folder / "targets").mkdir()
        target = [{"targets": [f"127.0.0.1:{watched}"], "labels": {"role": "all"}}]
        (self.folder / "targets" / "single.json").write_text(json.dumps(target), encoding="utf-8")
        config = self.folder / "prometheus.yaml"
        config.write_text(yaml.safe_dump(document), encoding="utf-8")
        port = ports.take()
        self._run("prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder / 'data'}",
                  f"--web.listen-address=127.0.0.1:{port}")
        return port

    def _run(self, *words):
        with open(self.folder / f"{words[0]}.log", "wb") as log:
            self._processes.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def ask(self, path, **parameters):
        answer = requests.get(f"{self.prometheus}/api/v1/{path}", params=parameters, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def stop(self):
        for process in self._processes:
            process.kill()
            process.wait(10)


def hurried(text):
    """The rules as they are, but for their patience: minutes are a second, limits of age seconds."""
    text = re.sub(r"\bfor: \d+m", "for: 1s", text)
    text = re.sub(r"interval: \w+", "interval: 500ms", text)
    return text.replace("_age_seconds{job=\"baedal\"}) > 300", "_age_seconds{job=\"baedal\"}) > 2") \
        .replace("_age_seconds{job=\"baedal\"}) > 600", "_age_seconds{job=\"baedal\"}) > 3")
