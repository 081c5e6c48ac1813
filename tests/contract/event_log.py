"""Reads the events of a data folder's embedded bus, with none of the program's own code: the format
of src/platform/messaging/embedded (segment.cpp, record.hpp, envelope_codec.cpp) as its second
reader."""
import dataclasses
import struct

SEGMENT_HEADER_BYTES = 64
RECORD_HEADER = struct.Struct("<II")  # length, crc32c
ENVELOPE_VERSION = 1


@dataclasses.dataclass
class Event:
    id: str
    type: str
    source: str
    key: str
    traceparent: str
    data: str
    time_micros: int


def read_events(data_folder):
    """Every whole event, in order."""
    for segment in sorted((data_folder / "events").glob("*.log")):
        content = segment.read_bytes()
        assert content[:6] == b"BUSLOG", segment
        at = SEGMENT_HEADER_BYTES
        while at + RECORD_HEADER.size <= len(content):
            length, _ = RECORD_HEADER.unpack_from(content, at)
            at += RECORD_HEADER.size
            if at + length > len(content):
                return  # a write under way
            yield _envelope(content[at:at + length])
            at += length


def _envelope(payload):
    assert payload[0] == ENVELOPE_VERSION
    time_micros, = struct.unpack_from("<q", payload, 1)
    texts, at = [], 9
    while at < len(payload):
        size, at = _varint(payload, at)
        texts.append(payload[at:at + size].decode("utf-8"))
        at += size
    return Event(*texts, time_micros)


def _varint(payload, at):
    value = shift = 0
    while True:
        byte = payload[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
