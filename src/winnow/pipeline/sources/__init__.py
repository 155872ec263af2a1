"""Where candidates come from, one source a file: each proposes its best items for every request, with a score."""
