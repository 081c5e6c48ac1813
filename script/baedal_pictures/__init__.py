"""The pictures of docs/pictures: drawn from their YAML, and held against the code."""
