"""From a ranker's logit to a probability that holds: fitted on rows later than what the ranker learned from."""
