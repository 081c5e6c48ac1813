"""What the rows of bench/rows are made of: servers, load, rounds, result."""
