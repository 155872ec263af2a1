"""Torch modules and losses, nothing else: no files, no loops.

Shape suffixes: B requests, C candidates of a request, D width, F features, I items, L history length, N negatives.
"""
