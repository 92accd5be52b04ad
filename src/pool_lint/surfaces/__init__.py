"""The ways in: each parses what it is given, asks the floors below and prints the answer."""
