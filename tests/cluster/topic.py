"""What must hold on the topic, whoever reads it."""
import collections
import json

# An event of an order comes after these of the same order.
AFTER = {
    "Paid": ["Ordered"],
    "PaymentFailed": ["Ordered"],
    "DeliveryStarted": ["Ordered", "Paid"],
    "DeliveryCompleted": ["Ordered", "Paid", "DeliveryStarted"],
    "OrderCancelled": ["Ordered"],
    "PaymentRefunded": ["Ordered", "OrderCancelled"],
}


def header(record, name):
    names = record["headers"][0::2]
    return record["headers"][2 * names.index(name) + 1]


def events_by_order(records):
    """{order id: its events in the order of the topic}; what came twice counts where it first came."""
    grouped = collections.defaultdict(list)
    seen = set()
    for record in sorted(records, key=lambda record: (record["partition"], record["offset"])):
        if header(record, "ce_source") == "menu" or header(record, "ce_id") in seen:
            continue
        seen.add(header(record, "ce_id"))
        grouped[int(record["key"])].append(
            {"type": header(record, "ce_type"), "source": header(record, "ce_source")} | json.loads(record["payload"]))
    return grouped


def check_order_per_key(records):
    """Each order's events stand in one partition, in the order in which they came true."""
    partitions = collections.defaultdict(set)
    for record in records:
        if header(record, "ce_source") != "menu":
            partitions[record["key"]].add(record["partition"])
    spread = [key for key, found in partitions.items() if len(found) > 1]
    assert not spread, f"events of one order in several partitions: {spread[:5]}"
    for order_id, events in events_by_order(records).items():
        types = [event["type"] for event in events]
        assert len(types) == len(set(types)), f"order {order_id} had something happen twice: {types}"
        for index, event_type in enumerate(types):
            missing = [before for before in AFTER.get(event_type, []) if before not in types[:index]]
            assert not missing, f"order {order_id}: {event_type} comes before {missing}: {types}"
        for source in {event["source"] for event in events}:
            versions = [event["version"] for event in events if event["source"] == source]
            assert versions == sorted(set(versions)), f"order {order_id}, {source}: versions {versions}"


def count(records, event_type):
    return sum(header(record, "ce_type") == event_type for record in records)
