"""Winnow: a multistage, multimodal recommender for a laptop and a cluster."""
