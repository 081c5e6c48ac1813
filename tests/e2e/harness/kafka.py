"""A real Kafka broker of the tests' own, and clients of it that no one here wrote: kcat reads and
writes, librdkafka's administration does what an operator does."""
import ctypes
import json
import subprocess
import sys

from harness.command import ROOT

sys.path.insert(0, str(ROOT / "script"))

from baedal_cluster.kafka import Kafka  # noqa: E402 pylint: disable=wrong-import-position

SECONDS_MAX = 30


class Broker(Kafka):
    """start() after stop() goes on with the same topics on the same port."""

    def topic(self, name):
        return Topic(self, name)


class Topic:
    def __init__(self, broker, name):
        self.broker = broker
        self.name = name

    @property
    def flags(self):
        """The settings of a process on this topic."""
        return ("--messaging.bus", f"kafka://{self.broker.address}/{self.name}",
                "--management.health.show-details", "always")

    def records(self):
        """Everything on it: dicts with partition, offset, key, payload and headers."""
        lines = self._kcat("-C", "-e", "-q", "-J", "-o", "beginning").splitlines()
        records = [json.loads(line) for line in lines]
        for record in records:
            names = record.get("headers", [])
            record["headers"] = dict(zip(names[::2], names[1::2]))
        return records

    def write(self, value, key=None, headers=(), partition=None):
        """One record; no key and no headers, as the original's services write, unless told."""
        words = ["-P"]
        for header in headers:
            words += ["-H", header]
        if key is not None:
            words += ["-k", key]
        if partition is not None:
            words += ["-p", str(partition)]
        self._kcat(*words, text=value)

    def _kcat(self, *words, text=None):
        done = subprocess.run(["kcat", "-b", self.broker.address, "-t", self.name, *words], input=text,
                              capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        assert done.returncode == 0, f"kcat {words}: {done.stderr}"
        return done.stdout

    def partitions(self):
        listed = json.loads(self._kcat("-L", "-J"))
        topic, = (topic for topic in listed["topics"] if topic["topic"] == self.name)
        return len(topic["partitions"])

    def delete(self):
        with Administration(self.broker.address) as admin:
            admin.ask("DeleteTopic", "DeleteTopics", self.name.encode())

    def add_partitions(self, total):
        why = ctypes.create_string_buffer(256)
        with Administration(self.broker.address) as admin:
            admin.ask("NewPartitions", "CreatePartitions", self.name.encode(),
                      ctypes.c_size_t(total), why, ctypes.c_size_t(len(why)))


class Administration:
    """librdkafka's admin client, which kcat does not offer."""

    def __init__(self, address):
        self.lib = ctypes.CDLL("librdkafka.so.1")
        for name in ("conf_new", "new", "queue_new", "queue_poll", "DeleteTopic_new", "NewPartitions_new",
                     "event_error_string"):
            getattr(self.lib, f"rd_kafka_{name}").restype = ctypes.c_void_p
        conf = ctypes.c_void_p(self.lib.rd_kafka_conf_new())
        why = ctypes.create_string_buffer(256)
        self.lib.rd_kafka_conf_set(conf, b"bootstrap.servers", address.encode(), why, ctypes.c_size_t(256))
        self.client = ctypes.c_void_p(self.lib.rd_kafka_new(0, conf, why, ctypes.c_size_t(256)))
        assert self.client.value, why.value
        self.queue = ctypes.c_void_p(self.lib.rd_kafka_queue_new(self.client))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lib.rd_kafka_queue_destroy(self.queue)
        self.lib.rd_kafka_destroy(self.client)

    def ask(self, noun, verb, *arguments):
        """One request for one topic; fails unless the broker does it."""
        wish = ctypes.c_void_p(getattr(self.lib, f"rd_kafka_{noun}_new")(*arguments))
        wishes = (ctypes.c_void_p * 1)(wish)
        getattr(self.lib, f"rd_kafka_{verb}")(self.client, wishes, ctypes.c_size_t(1), None, self.queue)
        answer = ctypes.c_void_p(self.lib.rd_kafka_queue_poll(self.queue, SECONDS_MAX * 1000))
        assert answer.value, f"no answer to {verb}"
        error = self.lib.rd_kafka_event_error(answer)
        self.lib.rd_kafka_event_destroy(answer)
        getattr(self.lib, f"rd_kafka_{noun}_destroy")(wish)
        assert error == 0, f"{verb}: error {error}"
