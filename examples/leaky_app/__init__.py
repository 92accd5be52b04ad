"""A small shop whose database code leaks in the ways that pool-lint finds."""
