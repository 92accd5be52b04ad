"""Rules about the linter's own reading of a file."""
