"""The request path: requests in, recommendations out, through stages that explain themselves. NumPy only."""
