"""Baedal in a namespace of a cluster, and the pod `tools` beside it that is its clients."""
import base64
import contextlib
import io
import json
import pathlib
import shlex
import tarfile
import uuid

from .kubectl import KubectlError, eventually, kubectl, read, started

HERE = pathlib.Path(__file__).resolve().parent
E2E_HARNESS = HERE.parents[1] / "e2e" / "harness"
ROLES = ["menu", "order", "payment", "delivery", "mypage", "gateway"]


class System:
    def __init__(self, namespace, images):
        self.namespace, self.images = namespace, images

    # kubectl

    def kubectl(self, *arguments, **options):
        return kubectl("-n", self.namespace, *arguments, **options)

    def read(self, *arguments):
        return read("-n", self.namespace, *arguments)

    def pods(self, role, with_dying=False):
        """Those of a role, the oldest first."""
        found = self.read("get", "pods", "-l", f"app={role}")["items"]
        found.sort(key=lambda pod: pod["metadata"]["creationTimestamp"])
        return [pod for pod in found if with_dying or "deletionTimestamp" not in pod["metadata"]]

    def restarts(self, *roles):
        return sum(status["restartCount"] for role in roles or ROLES for pod in self.pods(role)
                   for status in pod["status"].get("containerStatuses", []))

    def endpoints(self, service):
        """Addresses of the pods that get the service's requests."""
        subsets = self.read("get", "endpoints", service).get("subsets") or []
        return {address["ip"] for subset in subsets for address in subset.get("addresses") or []}

    def scale(self, what, replicas):
        self.kubectl("scale", what, f"--replicas={replicas}")

    def rolled_out(self, what, seconds_max=240):
        self.kubectl("rollout", "status", what, f"--timeout={seconds_max}s", seconds_max=seconds_max + 30)

    def all_rolled_out(self, seconds_max=300):
        workloads = self.read("get", "deployments,statefulsets")["items"]
        for item in workloads:
            self.rolled_out(f"{item['kind'].lower()}/{item['metadata']['name']}", seconds_max)

    # clients

    def start_tools(self):
        """The pod, and a policy that lets it reach every role: it also plays the operator."""
        labels = {"app": "tools"}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tools", "labels": labels}, "spec": {
            "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": False,
            "containers": [{"name": "tools", "image": self.images["tools"], "imagePullPolicy": "IfNotPresent",
                            "command": ["sleep", "infinity"]}]}}
        both_ways = [{"podSelector": {"matchLabels": labels}}]
        policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "tools"},
                  "spec": {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "baedal"}},
                           "policyTypes": ["Ingress", "Egress"],
                           "ingress": [{"from": both_ways}], "egress": [{"to": both_ways}]}}
        for item in (pod, policy):
            self.kubectl("apply", "-f", "-", stdin=json.dumps(item))
        self.kubectl("wait", "--for=condition=Ready", "pod/tools", "--timeout=120s", seconds_max=150)
        self._copy_scripts()

    def _copy_scripts(self):
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for file in sorted(E2E_HARNESS.glob("*.py")):
                tar.add(file, f"harness/{file.name}")
            for script in ("cancels.py", "orders.py", "promises.py", "slow.py"):
                tar.add(HERE / script, script)
        # base64: kubectl()'s standard input is text
        self.in_tools("base64 -d | tar -x -C /tmp", stdin=base64.b64encode(archive.getvalue()).decode())

    def take_tokens(self):
        """From now on the pod says that it is an operator; the gateway must be there."""
        self.in_tools("umask 077; cat > /tmp/token", stdin=self.token("operator"))

    def token(self, *roles, of="the-tests"):
        """A token of this installation, for two hours: the gateway's pod has the key."""
        maker = "deployment/gateway" if self.kubectl("get", "deployment", "gateway", "--ignore-not-found") else "deployment/baedal"
        return self.kubectl("exec", maker, "--", "/baedal", "token", "--for", of, "--as", ",".join(roles),
                            "--lasts", 7200).strip()

    def in_tools(self, command, stdin=None, seconds_max=120, check=True):
        """Runs a line of shell in the pod; gives its output, errors of the line among it."""
        return self.kubectl("exec", "-i", "tools", "--", "bash", "-c", f"exec 2>&1; {command}",
                            stdin=stdin if stdin is not None else "", seconds_max=seconds_max, check=check)

    def http(self, *words):
        """What a user of httpie types behind `http -A bearer -a "$TOKEN"`, and sees: status line, headers, body."""
        line = " ".join(map(shlex.quote, words))
        return self.in_tools(f'http -A bearer -a "$(cat /tmp/token)" --ignore-stdin --print=hb --pretty=none {line}')

    def ask(self, method, path, body=None, host="gateway", token=None):
        """(status, parsed body) of one request; `token`: in place of the operator's, none where it is empty."""
        bearer = '"Authorization: Bearer $(cat /tmp/token)"' if token is None else shlex.quote(f"Authorization: Bearer {token}")
        options = "" if token == "" else f" -H {bearer}"
        if body is not None:
            options += f" -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(body))}"
        answer = self.in_tools(f"curl -sS -m 30 -X {method}{options} -w '\\n%{{http_code}}' http://{host}:8080{path}",
                               check=False)
        text, _, status = answer.stdout.rpartition("\n")
        if answer.returncode != 0 or not status.isdigit():
            raise KubectlError(f"{method} {path}: {answer.stdout} {answer.stderr}")
        return int(status), json.loads(text) if text.strip() else None

    def await_answers(self):
        """Ready is one thing, that each node's proxy knows of it another."""
        for collection in ("menus", "orders", "payments", "deliveries", "mypages"):
            eventually(lambda path=f"/{collection}?size=1": self.ask("GET", path)[0] == 200)

    @contextlib.contextmanager
    def orders_placed(self, clients=6, pause=0.05):
        """Orders are placed as long as the block runs; the Placed says afterwards what became of them."""
        menu = self.ask("POST", "/menus", {"menuNm": "Gimbab", "price": 4500})[1]
        menu_id = int(menu["_links"]["self"]["href"].rsplit("/", 1)[1])
        stop = f"/tmp/stop-{uuid.uuid4()}"
        process = started("-n", self.namespace, "exec", "tools", "--", "python3", "/tmp/orders.py",
                          "--menu", menu_id, "--stop", stop, "--clients", clients, "--pause", pause)
        placed = Placed()
        try:
            assert process.stdout.readline() == "placing\n"
            yield placed
        finally:
            self.in_tools(f"touch {stop}")
            placed.take(process.communicate(timeout=120)[0])

    def check_promises(self, answered=(), seconds_max=120):
        """Waits for the end of every order, and checks all promises; gives how many orders there are."""
        done = self.in_tools(f"cd /tmp && PYTHONPATH=/tmp python3 promises.py {seconds_max}",
                             stdin=json.dumps(list(answered)), seconds_max=2 * seconds_max + 60, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
        return json.loads(done.stdout.splitlines()[-1])["orders"]


class Placed:
    """What became of the orders placed."""
    orders, answers, failures, longest = (), {}, (), 0.0

    def take(self, text):
        assert text.strip(), "the clients ended without a word"
        result = json.loads(text.splitlines()[-1])
        self.orders, self.failures, self.longest = result["orders"], result["failures"], result["longest"]
        self.answers = {int(status): count for status, count in result["answers"].items()}

    @property
    def availability(self):
        """In percent, as siege counts: what failed or was answered 5xx is not available."""
        asked = len(self.orders) + len(self.failures)
        return 100 * len(self.orders) / asked if asked else 0.0


def is_ready(pod):
    statuses = pod["status"].get("containerStatuses") or []
    return bool(statuses) and all(status["ready"] for status in statuses)
