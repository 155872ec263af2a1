"""A missing vector is replaced by what was learnt, row by row; others pass unchanged."""

import torch

from winnow.models.content_vector import ContentVector


def test_only_missing_vectors_become_the_learned_one():
    content = ContentVector(4)
    with torch.no_grad():
        content.missing.copy_(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    vectors = torch.nn.functional.normalize(torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0)), dim=-1)
    vectors[0, 1] = 0
    out = content(vectors)
    assert out[0, 1].tolist() == [1, 2, 3, 4]
    kept = torch.ones(2, 3, dtype=torch.bool)
    kept[0, 1] = False
    assert torch.equal(out[kept], vectors[kept])


def test_the_learned_vector_learns_from_missing_ones_alone():
    content = ContentVector(2)
    content(torch.tensor([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])).sum().backward()
    assert content.missing.grad is not None
    assert content.missing.grad.tolist() == [2, 2]
