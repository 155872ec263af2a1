"""A bundle and settings become a running Pipeline. With training, the only room that knows leaves."""
