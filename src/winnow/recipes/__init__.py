"""Functions that return a complete, frozen Config. A variant is another function, not a flag."""
