"""A connection that does nothing."""


class Waiting:
    def expire(self, phase):
        """Nobody cares."""

    def abort(self):
        """Likewise."""
