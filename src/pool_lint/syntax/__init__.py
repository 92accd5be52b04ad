"""What the text says: source, gate, focus, tree, ranges and suppression comments."""
