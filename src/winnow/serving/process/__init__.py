"""The service as one process or several."""
