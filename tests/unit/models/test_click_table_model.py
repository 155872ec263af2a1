import numpy as np
import pytest
import torch

from winnow.models.click_table_model import ClickTableModel
from winnow.models.click_table_sizes import ClickTableSizes
from winnow.models.cross_network import CrossNetwork
from winnow.models.dropout_network import DropoutNetwork
from winnow.models.factor_pairs import factor_pairs
from winnow.models.first_order import FirstOrder
from winnow.models.inputs import Inputs
from winnow.schema.errors import RecipeError

KINDS = ("wide", "dlrm", "dcn", "deep_fm")
INPUTS = Inputs(codes=(3, 5, 2), values=4, vectors={})


def batch(rows=6, seed=0):
    generator = np.random.default_rng(seed)
    codes = np.stack([generator.integers(0, size, rows) for size in INPUTS.codes], axis=1).astype(np.int32)
    values = generator.normal(size=(rows, INPUTS.values)).astype(np.float32)
    return {"codes": torch.from_numpy(codes), "values": torch.from_numpy(values)}


def random_model(kind, **sizes):
    torch.manual_seed(0)
    model = ClickTableModel(INPUTS, INPUTS.codes, ClickTableSizes(kind=kind, **sizes)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    return model


def test_the_factor_term_is_the_sum_over_pairs():
    vectors = torch.randn(5, 7, 3, generator=torch.Generator().manual_seed(0))
    slow = [sum(float(row[i] @ row[j]) for i in range(7) for j in range(i)) for row in vectors.detach()]
    assert factor_pairs(vectors).tolist() == pytest.approx(slow, rel=1e-4)
    assert factor_pairs(vectors[:, :1]).tolist() == pytest.approx([0.0] * 5, abs=1e-5)


def test_cross_layers_are_the_formula_number_by_number():
    torch.manual_seed(1)
    network = CrossNetwork(4, 2)
    rows = torch.randn(3, 4)
    for row, found in zip(rows.tolist(), network(rows).tolist(), strict=True):
        x = row
        for layer in network.layers:
            weight, bias = layer.weight.tolist(), layer.bias.tolist()
            x = [row[i] * (sum(weight[i][j] * x[j] for j in range(4)) + bias[i]) + x[i] for i in range(4)]
        assert found == pytest.approx(x, rel=1e-4)


def test_the_first_order_part_adds_one_weight_of_each_code_and_number():
    part, inputs = FirstOrder(INPUTS), batch()
    assert part(inputs).tolist() == [0.0] * 6
    with torch.no_grad():
        for parameter in part.parameters():
            parameter.normal_(generator=torch.Generator().manual_seed(2))
    table, values = part.codes.table.weight[:, 0].tolist(), part.values.tolist()
    for row, found in enumerate(part(inputs).tolist()):
        codes, numbers = inputs["codes"][row].tolist(), inputs["values"][row].tolist()
        wanted = part.bias.item() + sum(table[start + code] for start, code in zip((0, 3, 8), codes, strict=True))
        wanted += sum(a * b for a, b in zip(values, numbers, strict=True))
        assert found == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_answered_by_itself(kind):
    model, inputs = random_model(kind), batch()
    whole = model(inputs)
    assert whole.shape == (6,)
    for row in range(6):
        alone = model({name: each[row : row + 1] for name, each in inputs.items()})
        assert alone.item() == pytest.approx(whole[row].item(), rel=1e-3)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_deep_part_sees_what_two_categories_are_together(kind):
    model = random_model(kind)
    values = torch.zeros(4, 4)
    codes = torch.tensor([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], dtype=torch.int32)
    neither, first, second, both = model({"codes": codes, "values": values}).tolist()
    assert abs(both - first - second + neither) > 1e-3


def test_the_deep_fm_is_its_wide_part_and_its_pairs_and_its_network():
    model, inputs = random_model("deep_fm"), batch()
    deep = model.deep
    codes = deep.codes(inputs["codes"])
    vectors = torch.cat([codes, inputs["values"].unsqueeze(2) * deep.values], dim=1)
    pairs = [sum(float(row[i] @ row[j]) for i in range(7) for j in range(i)) for row in vectors.detach()]
    network = deep.logit(deep.network(torch.cat([codes.flatten(1), inputs["values"]], dim=1))).squeeze(1)
    wanted = model.wide(inputs) + torch.tensor(pairs) + network
    assert model(inputs).tolist() == pytest.approx(wanted.tolist(), rel=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_model_says_next_to_nothing_and_is_the_same_for_the_same_seed(kind):
    said = []
    for _ in range(2):
        torch.manual_seed(5)
        said.append(ClickTableModel(INPUTS, INPUTS.codes, ClickTableSizes(kind=kind)).eval()(batch()))
    assert said[0].tolist() == said[1].tolist()
    assert said[0].abs().max() < 1.5


def test_dropout_is_for_training_only():
    network, rows = DropoutNetwork(4, (8,), 0.5), torch.randn(3, 4)
    assert torch.equal(network.eval()(rows), network(rows))
    assert not torch.equal(network.train()(rows), network.eval()(rows))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "forest"}, "the kinds are wide, dlrm, dcn, deep_fm"),
        ({"dim": 0}, "dim 0"),
        ({"hidden": (8, 0.5)}, "hidden 0.5"),
        ({"hidden": ()}, "no hidden layers"),
        ({"dropout": 1.0}, "dropout 1.0"),
    ],
)
def test_sizes_that_cannot_be_are_refused(wrong, words):
    with pytest.raises(RecipeError, match=words):
        ClickTableSizes(**wrong)
