"""A network of two sides is a plain network on both joined."""

import pytest
import torch
from torch import nn

from winnow.models.two_sided_network import TwoSidedNetwork


@pytest.mark.parametrize("widths", [(6,), (6, 5, 2)])
def test_it_is_a_plain_network_on_both_sides_joined(widths: tuple[int, ...]):
    torch.manual_seed(0)
    network = TwoSidedNetwork(4, 3, widths)
    first = nn.Linear(7, 6)
    with torch.no_grad():
        first.weight.copy_(torch.cat([network.request.weight, network.candidate.weight], dim=1))
        first.bias.copy_(network.candidate.bias)
    plain = nn.Sequential(first, *(layer for each in network.rest for layer in (nn.ReLU(), each)))
    request, candidate = torch.randn(2, 4), torch.randn(2, 9, 3)
    joined = torch.cat([request.unsqueeze(1).expand(2, 9, 4), candidate], dim=2)
    torch.testing.assert_close(network(request, candidate), plain(joined))


def test_without_a_request_side_it_reads_the_candidates_alone():
    network, candidate = TwoSidedNetwork(0, 3, (6, 2)), torch.randn(2, 9, 3)
    torch.testing.assert_close(network(None, candidate), network.rest[0](network.candidate(candidate).relu()))
