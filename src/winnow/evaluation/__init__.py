"""How good a bundle is: held-out requests through the very pipeline that serves, beside simple baselines."""
