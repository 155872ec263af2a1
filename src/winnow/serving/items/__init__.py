"""Changes of items: made over HTTP, kept on disk, made again after a start or on another bundle."""
