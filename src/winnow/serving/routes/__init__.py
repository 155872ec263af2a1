"""What callers may ask: a route for each, how it is read and how it is answered."""
