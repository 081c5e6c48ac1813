"""script/soak: a cluster at half its capacity for a long time."""
