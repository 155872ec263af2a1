"""What the service is told from outside, declared once."""
