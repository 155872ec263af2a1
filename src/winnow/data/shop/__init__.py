"""A simulated shop: its items and visitors, what they do, and the truth behind it."""
