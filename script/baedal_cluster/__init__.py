"""The whole system as separate processes on this machine: PostgreSQL, Kafka, two instances of each
service, the gateway. `script/cluster` is its command line; the cluster tests drive it from Python.
Needs nothing beyond Python's own library."""
