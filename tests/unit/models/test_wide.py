"""The wide part against loops, for candidates of every kind."""

import pytest
import torch
from torch import Tensor, nn

from winnow.models.wide import KINDS, LIKENESSES, Wide, kinds_of

DIM, REQUESTS, CANDIDATES, MATCH, SAID, KNOWN = 4, 3, 5, 3, 8, 2


@pytest.fixture
def inputs() -> dict[str, Tensor]:
    """The last request is a newcomer's; of the others every second item was had."""
    generator = torch.Generator().manual_seed(0)
    shape = (REQUESTS, CANDIDATES)
    history, match = torch.randn(REQUESTS, DIM, generator=generator), torch.rand(*shape, MATCH, generator=generator)
    history[-1] = 0
    match[:, :, -1] = torch.tensor([1.0, 0.0, 1.0, 0.0, 1.0])
    return {
        "query": torch.randn(REQUESTS, DIM, generator=generator),
        "history_vector": history,
        "moment_vector": torch.randn(REQUESTS, DIM, generator=generator),
        "item_tower": torch.randn(*shape, DIM, generator=generator),
        "match": match,
        "source_features": torch.randn(*shape, SAID - KNOWN, generator=generator),
        "clicks": torch.randn(*shape, KNOWN, generator=generator),
    }


def test_a_candidate_is_weighed_by_the_weights_of_its_kind(inputs: dict[str, Tensor]):
    wide = Wide(MATCH + SAID)
    nn.init.normal_(wide.weight)
    logits = wide(inputs)
    for request in range(REQUESTS):
        for place in range(CANDIDATES):
            item = inputs["item_tower"][request, place]
            likenesses = torch.stack([item @ inputs[name][request] for name in Wide.REQUEST])
            said = torch.cat(
                [inputs[name][request, place] for name in ("match", "source_features", "clicks")] + [likenesses]
            )
            had = inputs["match"][request, place, -1] > 0
            kind = "newcomer" if request == REQUESTS - 1 else "had" if had else "new"
            torch.testing.assert_close(logits[request, place], said @ wide.weight[KINDS.index(kind)])


def test_a_new_one_has_the_order_of_the_towers(inputs: dict[str, Tensor]):
    wanted = (inputs["item_tower"] @ inputs["query"][:, :, None]).squeeze(2)
    torch.testing.assert_close(Wide(MATCH + SAID)(inputs), wanted)


def test_it_reads_what_it_says_and_nothing_else(inputs: dict[str, Tensor]):
    assert {*Wide.REQUEST, *Wide.CANDIDATE} == set(inputs)
    wide = Wide(MATCH + SAID)
    nn.init.normal_(wide.weight)
    before = wide(inputs)
    for name, array in inputs.items():
        assert not torch.allclose(wide(inputs | {name: array + 1}), before), name


def test_without_sources_and_clicks_there_is_the_rest(inputs: dict[str, Tensor]):
    del inputs["source_features"], inputs["clicks"]
    assert Wide(MATCH).weight.shape == (len(KINDS), MATCH + LIKENESSES)
    assert Wide(MATCH)(inputs).shape == (REQUESTS, CANDIDATES)


def test_what_a_newcomer_had_makes_no_difference(inputs: dict[str, Tensor]):
    assert kinds_of(inputs).tolist() == [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [2, 2, 2, 2, 2]]
