"""Whether anything grew: the last third of a record against the second."""
import statistics

# A restart begins anew, and a third has some of each age: medians move a little without a leak.
GROWTH_MAX = {"memory": 1.15, "descriptors": 1.10, "threads": 1.10}
LATENCY_GROWTH_MAX = 2.0
UNSENT_MAX = 0.02  # part of all
SLICES_MIN = 9


def of(record):
    """What is wrong with it, as sentences."""
    slices = record["slices"]
    complaints = [f"{part['at']:.0f} s: {part['load']['bad']} orders failed"
                  for part in slices if part["load"].get("bad", 0)]
    unsent, good = (sum(part["load"].get(name, 0) for part in slices) for name in ("unsent", "good"))
    if unsent > UNSENT_MAX * (unsent + good):
        complaints.append(f"{unsent} orders of {unsent + good} found no free connection: "
                          "half the capacity was not held")
    if len(slices) < SLICES_MIN:
        return [*complaints, f"{len(slices)} slices are too few to tell whether anything grows"]
    third = len(slices) // 3
    second, last = slices[third:2 * third], slices[2 * third:]
    for role in sorted({role_of(name) for part in slices for name in part["processes"]}):
        for gauge, most in GROWTH_MAX.items():
            before, after = median(second, role, gauge), median(last, role, gauge)
            if before and after and after > before * most:
                complaints.append(f"{gauge} of {role} grew from {before:.0f} to {after:.0f}")
    before, after = (statistics.median(part["load"]["latency"]["p99"] for part in some) for some in (second, last))
    if after > before * LATENCY_GROWTH_MAX:
        complaints.append(f"p99 grew from {before:.0f} to {after:.0f} microseconds")
    return complaints


def role_of(name):
    return name.rsplit("-", 1)[0]


def median(slices, role, gauge):
    """Over all instances of the role; None when none was seen."""
    values = [values[gauge] for part in slices for name, values in part["processes"].items()
              if role_of(name) == role and gauge in values]
    return statistics.median(values) if values else None
