"""What is told of the service while it runs: metrics, traces and lines of the log."""
