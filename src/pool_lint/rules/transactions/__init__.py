"""Rules about what happens while a transaction is open."""
