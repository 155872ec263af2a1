"""The service: a running engine behind HTTP. Bad input is answered with a sentence, never with a 500."""
