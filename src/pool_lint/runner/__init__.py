"""Many files in, findings out."""
