"""api/consumers.yaml: what each service reads of the others, held against both sides.

Method: the providers by their schemas, their golden samples and what they tell and answer in a real run; the
consumers by the members that their sources read.
"""
import json
import re

import pytest

from conftest import API, event_schemas, load_yaml
from event_log import read_events
from harness.command import ROOT, run
from harness.waiting import eventually
from openapi_document import Document

CONSUMERS = load_yaml("consumers.yaml")
SCHEMAS = event_schemas()
READS = [(consumer, event, reads) for consumer, stated in CONSUMERS.items() for event, reads in stated["events"].items()]
READ_IDS = [f"{consumer}-{event}" for consumer, event, _ in READS]
ANSWERS = [(consumer, operation, reads) for consumer, stated in CONSUMERS.items()
           for operation, reads in stated.get("answers", {}).items()]
SERVICES = ROOT / "src" / "services"


def needed(reads):
    return {name for name in reads if not name.endswith("?")}


def names(reads):
    return {name.rstrip("?") for name in reads}


def wire_names():
    """A member of an event's struct in C++ -> its name on the wire, as contracts/events.cpp writes it."""
    text = (ROOT / "src" / "contracts" / "events.cpp").read_text(encoding="utf-8")
    found = re.findall(r'\(R"\(,"(\w+)":\)",\s*\*?event\.(\w+)\)', text)
    assert len(found) > 20, found
    return {member: name for name, member in found}


def test_every_service_states_all_events_it_listens_to():
    told = run("roles").stdout
    listens = {}
    for line in told.splitlines():
        if role := re.match(r"(\w+) ", line):
            consumer = role.group(1)
        elif line.split()[:2] == ["listens", "to"]:
            listens[consumer] = set(line.split()[2:])
    assert {consumer: set(stated["events"]) for consumer, stated in CONSUMERS.items()} == listens


@pytest.mark.parametrize("_consumer, event, reads", READS, ids=READ_IDS)
def test_what_a_consumer_reads_is_promised_by_schema_and_sample(_consumer, event, reads):
    schema = SCHEMAS[event]
    assert names(reads) <= set(schema["properties"])
    assert needed(reads) <= set(schema["required"])
    sample = json.loads((API / "events" / "samples" / f"{event}.json").read_text(encoding="utf-8"))
    assert needed(reads) <= set(sample)


@pytest.fixture(scope="module")
def told(story):
    def all_told():
        found = {}
        for event in read_events(story.server.data):
            found.setdefault(event.type, []).append(json.loads(event.data))
        assert set(found) == set(SCHEMAS)
        return found
    return eventually(all_told)


@pytest.mark.parametrize("_consumer, event, reads", READS, ids=READ_IDS)
def test_what_a_consumer_reads_is_told(told, _consumer, event, reads):
    for value in told[event]:
        assert needed(reads) <= set(value), value
        assert not [name for name in needed(reads) if value[name] is None], value


@pytest.mark.parametrize("_consumer, operation, reads", ANSWERS, ids=[operation for _, operation, _ in ANSWERS])
def test_what_a_consumer_reads_of_an_answer_is_promised_and_answered(story, _consumer, operation, reads):
    method, path = operation.split()
    document = Document()
    answer = document.root["paths"][path][method.lower()]["responses"]["200"]
    schemas = [body["schema"] for body in document.resolve(answer)["content"].values()]
    assert any(names(reads) <= properties_of(document, schema) for schema in schemas)
    if method == "GET":
        given = story.server.api.get(path.replace("{id}", str(story.menu_id)))
    else:
        given = story.server.api.post(path, {"orderId": story.cancelled_id})
    assert given.status_code == 200, given.text
    assert needed(reads) <= set(given.json())


def properties_of(document, schema):
    schema = document.resolve(schema)
    found = set(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found |= properties_of(document, part)
    return found


@pytest.mark.parametrize("consumer", sorted(CONSUMERS))
def test_a_consumer_reads_no_more_of_events_than_it_states(consumer):
    wire = wire_names()
    read = set()
    for file in (SERVICES / consumer / "inbound").glob("*.cpp"):
        if file.name.endswith("_test.cpp"):
            continue
        for member in re.findall(r"\bevent(?:->|\.)(\w+)\b(?!\()", file.read_text(encoding="utf-8")):
            if member in wire:
                read.add(wire[member])
    stated = set().union(*(names(reads) for reads in CONSUMERS[consumer]["events"].values()))
    assert read == stated


def test_a_consumer_reads_no_more_of_answers_than_it_states():
    read = set()
    for file in ("remote_menu.cpp", "remote_delivery.cpp"):
        text = (SERVICES / "order" / "outbound" / file).read_text(encoding="utf-8")
        read |= set(re.findall(r'(?:member<[^>]+(?:>|::\w+>)\(\*object, |find\()"(\w+)"', text))
    stated = set().union(*(names(reads) for _, _, reads in ANSWERS))
    assert read == stated
