"""What travels between the service and its callers: request and response types, limits, and the client."""
