"""One seed for all randomness of a training step."""

import numpy as np
import torch


def seeded(seed: int) -> np.random.Generator:
    """Seeds torch, asks it for the same bits every time, and returns the generator for everything else."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(mode=True)
    return np.random.default_rng(seed)
