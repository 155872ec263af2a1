"""Data, features and models meet here: rows, negatives, loops, and the export of what was learned."""
