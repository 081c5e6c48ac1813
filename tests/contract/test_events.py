"""api/events and api/asyncapi.yaml against what the program puts on its bus.

Method: the story that tells every event is played on a real server, the log of its bus is read by a
reader of its own (event_log.py), and each event is held against the schema and the golden sample of
its type. The golden samples hold old readers to the format: they are changed by adding only.
"""
import json
import subprocess

import jsonschema
import pytest

from conftest import API, event_schemas, load_yaml
from event_log import read_events
from harness.command import command, environment
from harness.waiting import eventually

SCHEMAS = event_schemas()
# The original's members, in its order; the samples of a type begin with them.
ORIGINAL = {
    "MenuCreated": ["id", "menuNm"],
    "MenuDeleted": ["id", "menuNm"],
    "Ordered": ["id", "menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId"],
    "OrderCancelled": ["id", "menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId"],
    "DeliveryStarted": ["id", "orderId", "status"],
    "DeliveryCompleted": ["id", "orderId", "status"],
}


def sample_text(event_type):
    return (API / "events" / "samples" / f"{event_type}.json").read_text(encoding="utf-8").rstrip("\n")


def check(event_type, value):
    jsonschema.Draft202012Validator(SCHEMAS[event_type], format_checker=jsonschema.draft202012_format_checker).validate(value)


def kind(value):
    return "null" if value is None else type(value).__name__


@pytest.fixture(scope="module")
def events(story):
    def all_told():
        found = list(read_events(story.server.data))
        missing = set(SCHEMAS) - {event.type for event in found}
        assert not missing, f"not on the bus: {sorted(missing)}"
        return found
    return eventually(all_told)


@pytest.mark.parametrize("event_type", sorted(SCHEMAS))
def test_the_schema_is_a_schema_and_the_golden_sample_fits_it(event_type):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[event_type])
    check(event_type, json.loads(sample_text(event_type)))


@pytest.mark.parametrize("event_type", sorted(SCHEMAS))
def test_the_golden_sample_is_written_as_the_program_writes_it(event_type):
    text = sample_text(event_type)
    value = json.loads(text)
    assert text == json.dumps(value, ensure_ascii=False, separators=(",", ":")), "compact, on one line"
    names = list(value)
    assert names[:2] == ["eventType", "timestamp"] and names[-1] == "me"
    original = ORIGINAL.get(event_type, [])
    assert names[2:2 + len(original)] == original
    assert set(names) == set(SCHEMAS[event_type]["properties"])


def test_every_sample_has_a_schema():
    samples = {file.stem for file in (API / "events" / "samples").glob("*.json")}
    assert samples == set(SCHEMAS)


def test_every_event_of_a_run_fits_its_schema(events):
    for event in events:
        value = json.loads(event.data)
        check(event.type, value)
        unknown = set(value) - set(SCHEMAS[event.type]["properties"])
        assert not unknown, f"{event.type} has {unknown}, which its schema does not know"


def test_every_event_of_a_run_looks_like_its_golden_sample(events):
    optional = {"paymentToken", "customerId"}
    for event in events:
        value, sample = json.loads(event.data), json.loads(sample_text(event.type))
        assert [name for name in sample if name in value or name not in optional] == list(value), event.type
        for name in value:
            allowed = {kind(sample[name])} | ({"null", "int", "str"} if nullable(event.type, name) else set())
            assert kind(value[name]) in allowed, f"{event.type}.{name}: {value[name]!r}"


def nullable(event_type, name):
    schema = SCHEMAS[event_type]["properties"][name]
    return "null" in schema.get("type", ()) or None in schema.get("enum", ())


def test_the_envelope_of_every_event_of_a_run_is_complete(events):
    assert len({event.id for event in events}) == len(events), "an id came twice"
    for event in events:
        value = json.loads(event.data)
        assert value["eventType"] == event.type
        assert event.key == str(value.get("orderId", value["id"]))
        assert event.source in ("menu", "order", "payment", "delivery")
        assert event.time_micros > 0


def test_the_events_of_one_key_keep_their_order(events, story):
    told = [event.type for event in events if event.key == str(story.cancelled_id) and event.source != "menu"]
    assert told == ["Ordered", "Paid", "DeliveryStarted", "DeliveryCancelled", "OrderCancelled", "PaymentRefunded"]


def test_asyncapi_names_exactly_what_each_role_tells_and_takes_in():
    listing = subprocess.run([*command(), "roles"], capture_output=True, text=True, check=True, env=environment()).stdout
    roles, role = {}, None
    for line in listing.splitlines():
        words = line.split()
        if not line.startswith(" "):
            role = words[0]
        elif words[0] == "publishes":
            roles[f"{role}Publishes"] = ("send", set(words[1:]))
        elif words[:2] == ["listens", "to"]:
            roles[f"{role}ListensTo"] = ("receive", set(words[2:]))
    document = load_yaml("asyncapi.yaml")
    written = {name: (operation["action"], {message["$ref"].rsplit("/", 1)[1] for message in operation["messages"]})
               for name, operation in document["operations"].items()}
    assert written == roles


def test_asyncapi_leads_to_the_schemas_and_shows_the_golden_samples():
    document = load_yaml("asyncapi.yaml")
    messages = document["components"]["messages"]
    assert set(messages) == set(SCHEMAS) == set(document["channels"]["events"]["messages"])
    for event_type, message in messages.items():
        assert message["payload"]["schema"]["$ref"] == f"events/{event_type}.schema.json"
        assert message["examples"][0]["payload"] == json.loads(sample_text(event_type))
