"""Rules about sessions, connections and their factories."""
