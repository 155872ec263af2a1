"""The web pages: a process of its own that speaks only HTTP to the service. Nothing of ours but api and schema."""
