"""Facts about libraries, as data: what a name is, what a call does, which words matter."""
