"""What the tests on a real cluster are written with."""
