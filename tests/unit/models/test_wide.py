"""The wide part against loops, for candidates of every kind."""

import pytest
import torch
from torch import Tensor, nn

from winnow.models.wide import KINDS, Wide, kinds_of, said_of

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


@pytest.fixture
def unclicked(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same where no click model says anything."""
    return {name: array for name, array in inputs.items() if name != "clicks"}


def test_a_candidate_is_weighed_by_the_weights_of_its_kind(inputs: dict[str, Tensor]):
    check_weights(inputs, ("match", "source_features", "clicks"), ("query",))


def test_without_a_click_model_an_item_is_compared_with_the_history_too(unclicked: dict[str, Tensor]):
    check_weights(unclicked, ("match", "source_features"), ("moment_vector", "history_vector", "query"))


def check_weights(inputs: dict[str, Tensor], figures: tuple[str, ...], vectors: tuple[str, ...]) -> None:
    wide = drawn(inputs)
    logits = wide(inputs)
    for request in range(REQUESTS):
        for place in range(CANDIDATES):
            item = inputs["item_tower"][request, place]
            likenesses = torch.stack([item @ inputs[name][request] for name in vectors])
            said = torch.cat([inputs[name][request, place] for name in figures] + [likenesses])
            had = inputs["match"][request, place, -1] > 0
            kind = "newcomer" if request == REQUESTS - 1 else "had" if had else "new"
            torch.testing.assert_close(logits[request, place], said @ wide.weight[KINDS.index(kind)])


def drawn(inputs: dict[str, Tensor]) -> Wide:
    """With weights of any size."""
    wide = Wide(said_of(inputs).shape[2])
    nn.init.normal_(wide.weight)
    return wide


def test_a_new_one_has_the_order_of_the_towers(inputs: dict[str, Tensor], unclicked: dict[str, Tensor]):
    wanted = (inputs["item_tower"] @ inputs["query"][:, :, None]).squeeze(2)
    for each in (inputs, unclicked):
        torch.testing.assert_close(Wide(said_of(each).shape[2])(each), wanted)


def test_it_reads_what_it_says_and_nothing_else(inputs: dict[str, Tensor], unclicked: dict[str, Tensor]):
    for each in (inputs, unclicked):
        wide = drawn(each)
        before = wide(each)
        read = {name for name, array in each.items() if not torch.allclose(wide(each | {name: array + 1}), before)}
        assert read == {*Wide.request(each), *Wide.CANDIDATE} & set(each)
        wide({name: each[name] for name in read})


def test_without_sources_and_clicks_there_is_the_rest(unclicked: dict[str, Tensor]):
    del unclicked["source_features"]
    assert said_of(unclicked).shape[2] == MATCH + 3
    assert drawn(unclicked)(unclicked).shape == (REQUESTS, CANDIDATES)


def test_what_a_newcomer_had_makes_no_difference(inputs: dict[str, Tensor]):
    assert kinds_of(inputs).tolist() == [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [2, 2, 2, 2, 2]]
