import math

import pytest
import torch

from winnow.models.choice_loss import choice_loss


def test_the_loss_is_the_mean_surprise_at_what_was_chosen():
    logits = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 1.0], [3.0, 3.0, 3.0]])
    labels = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    first = -math.log(math.exp(2) / (math.exp(2) + 1 + math.exp(-1)))
    second = -math.log(math.exp(1) / (1 + 2 * math.exp(1)))
    assert choice_loss(logits, labels).item() == pytest.approx((first + second) / 3, rel=1e-5)


def test_what_is_added_to_all_candidates_of_a_request_changes_nothing():
    logits, labels = torch.randn(4, 5), torch.eye(5)[:4]
    torch.testing.assert_close(choice_loss(logits + torch.randn(4, 1), labels), choice_loss(logits, labels))
