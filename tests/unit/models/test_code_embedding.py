"""One table for all columns against one table for each."""

import torch
from torch import nn

from winnow.models.code_embedding import CodeEmbedding

CARDINALITIES = (5, 3, 8)


def every_code() -> torch.Tensor:
    grid = torch.meshgrid(*[torch.arange(size, dtype=torch.int32) for size in CARDINALITIES], indexing="ij")
    return torch.stack(grid, dim=-1).flatten(0, -2)


def test_one_table_equals_an_embedding_for_each_column():
    shared = CodeEmbedding(CARDINALITIES, 4)
    parts = shared.table.weight.split(CARDINALITIES)
    separate = [nn.Embedding.from_pretrained(part) for part in parts]
    codes = every_code()
    expected = torch.stack([table(codes[:, column].long()) for column, table in enumerate(separate)], dim=1)
    assert torch.equal(shared(codes), expected)


def test_codes_may_have_any_leading_shape():
    shared = CodeEmbedding(CARDINALITIES, 4)
    codes = every_code()
    assert torch.equal(shared(codes.reshape(4, 30, 3)), shared(codes).reshape(4, 30, 3, 4))
    assert shared(codes[:0]).shape == (0, 3, 4)


def test_columns_learn_apart():
    shared = CodeEmbedding(CARDINALITIES, 4)
    shared(torch.tensor([[0, 2, 0]])).sum().backward()
    assert shared.table.weight.grad is not None
    touched = shared.table.weight.grad.any(dim=1).nonzero().ravel()
    assert touched.tolist() == [0, 5 + 2, 5 + 3 + 0]
