"""Load on a service, from a process of its own, and what the service makes of it."""
