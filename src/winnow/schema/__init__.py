"""Features declared once, the array types that carry them, and every error that Winnow raises on purpose."""
