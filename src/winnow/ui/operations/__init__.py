"""The parts of the operations page: figures of a service as it runs, and of the bundle as it was judged."""
