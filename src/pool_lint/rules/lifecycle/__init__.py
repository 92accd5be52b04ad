"""Rules about the life of engines and pools."""
