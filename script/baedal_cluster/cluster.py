"""Starts, watches and ends all processes of a cluster."""
import json
import pathlib
import threading
import time

from . import control, layout, ports
from .instance import Instance
from .kafka import Kafka
from .postgres import Postgres
from .process import ClusterError, wait_until


class Cluster:
    """A cluster on a data folder; started again there, it goes on with its data and its ports.

    Servers that are given are used and left running; others are made in the folder. supervise()
    starts ended processes again, as an orchestrator does. One thread drives it, beside supervise()."""

    def __init__(self, options, kafka=None, postgres=None, log_to_stderr=False):
        self.options = options
        self.data = pathlib.Path(options.data)
        self._own_kafka, self._own_postgres = kafka is None, postgres is None
        self.kafka = kafka or Kafka(self.data / "kafka")
        self.postgres = postgres or Postgres(self.data / "postgres")
        self.log_to_stderr = log_to_stderr
        self.instances = []
        self._taken = {}  # ports by name
        self._supervisor = None
        self._stopping = threading.Event()

    def start(self, on_change=lambda: None):
        """Everything, until every process is ready."""
        (self.data / "log").mkdir(parents=True, exist_ok=True)
        broker = threading.Thread(target=self._start_kafka, daemon=True)
        self._kafka_failure = None
        broker.start()
        if self._own_postgres:
            self.postgres.start()
        broker.join()
        if self._kafka_failure:
            raise self._kafka_failure
        self._make_instances()
        wait_until(lambda: not any(control.pid_of(self.data, instance.name) for instance in self.instances),
                   10, "Processes of an earlier run do not end")
        for instance in self.instances:
            instance.start()
        on_change()
        for instance in self.instances:
            instance.await_ready()
            on_change()
        return self

    def _start_kafka(self):
        try:
            if self._own_kafka:
                self.kafka.start()
        except ClusterError as failure:
            self._kafka_failure = failure

    def _make_instances(self):
        taken = self._ports()
        self.instances = []
        for name in layout.instance_names(self.options):
            (self.data / "instances" / name).mkdir(parents=True, exist_ok=True)
            command = layout.command_of(name, self.options, taken, self.kafka, self.postgres)
            log = None if self.log_to_stderr else self.data / "log" / f"{name}.log"
            self.instances.append(Instance(
                name, layout.role_of(name), taken[name], command, log,
                layout.environment_of(name, self.options, self.postgres),
                pid_file=self.data / "instances" / name / "pid"))

    def _ports(self):
        """The same as before where they are still free, and always while this object lives."""
        file = self.data / "ports.json"
        before = json.loads(file.read_text()) if file.exists() else {}
        for name in layout.instance_names(self.options):
            if name not in self._taken:
                if name == "gateway":
                    self._taken[name] = self.options.port or ports.take()
                else:
                    self._taken[name] = ports.take(before.get(name))
        # All or nothing: whoever is killed meanwhile leaves what was there before.
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(self._taken, indent=1) + "\n")
        fresh.replace(file)
        return self._taken

    def __getitem__(self, name):
        for instance in self.instances:
            if instance.name == name:
                return instance
        raise KeyError(name)

    def of(self, role):
        return [instance for instance in self.instances if instance.role == role]

    @property
    def url(self):
        return self["gateway"].url

    def supervise(self):
        """Starts ended instances again from now on, those that end soon after their start later
        and later, but not those of hold()."""
        self._stopping.clear()
        self._supervisor = threading.Thread(target=self._watch, daemon=True)
        self._supervisor.start()

    def held(self, name):
        return (self.data / "held" / name).exists()

    def hold(self, name):
        """Stops an instance, and keeps it stopped until release()."""
        self._mark_held(name)
        self[name].stop()

    def release(self, name):
        (self.data / "held" / name).unlink(missing_ok=True)
        return self[name].start()

    def _mark_held(self, name):
        (self.data / "held").mkdir(exist_ok=True)
        (self.data / "held" / name).touch()

    def _watch(self):
        due = {}  # when to start which again
        while not self._stopping.wait(0.1):
            for instance in self.instances:
                if instance.running or self.held(instance.name):
                    due.pop(instance.name, None)
                elif instance.name not in due:
                    due[instance.name] = time.monotonic() + instance.pause_before_restart()
                elif time.monotonic() >= due[instance.name]:
                    due.pop(instance.name)
                    instance.start()
        while any(instance.running for instance in self.instances):
            time.sleep(0.02)

    def await_ready(self, name, seconds_max=60):
        """Of a supervised instance: however often it ends meanwhile."""
        wait_until(lambda: self[name].ready, seconds_max, f"{name} does not become ready")

    def rolling_restart(self, roles=layout.SERVICES):
        """Each instance in turn: stopped, started, ready, before the next."""
        for role in roles:
            for instance in self.of(role):
                instance.stop()
                instance.start().await_ready()

    def stop(self):
        """Ends all: the gateway first, so that no request finds a service gone."""
        self._stopping.set()
        failures = []
        for group in self._stop_order():
            for instance in group:
                instance.ask_to_stop()
            for instance in group:
                try:
                    instance.stop()
                except ClusterError as failure:
                    failures.append(str(failure))
        self._end_supervisor()
        if self._own_kafka:
            self.kafka.stop()
        if self._own_postgres:
            self.postgres.stop()
        if failures:
            raise ClusterError("\n".join(failures))

    def _end_supervisor(self):
        """Last: what it started ends with its thread."""
        if self._supervisor:
            self._supervisor.join()
            self._supervisor = None

    def _stop_order(self):
        services = [instance for instance in self.instances if instance.role != "gateway"]
        return [self.of("gateway"), services]

    def remove(self):
        """Ends what still runs, at once, and removes the servers' data."""
        self._stopping.set()
        for instance in self.instances:
            instance.kill()
        if self._own_kafka:
            self.kafka.kill()
        if self._own_postgres:
            self.postgres.remove()
