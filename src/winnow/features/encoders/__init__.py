"""Texts and pictures to unit vectors by pretrained networks, kept by content and brought to one width."""
