"""One script per number that we publish; `make bench` runs them all."""
