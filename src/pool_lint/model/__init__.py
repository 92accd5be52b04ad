"""What the code means: names, values, flow and summaries."""
