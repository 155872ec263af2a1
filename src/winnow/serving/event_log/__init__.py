"""What visitors did and what they were served, on disk for the next training."""
