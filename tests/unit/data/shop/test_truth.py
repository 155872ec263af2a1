import json
import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.shop import day_log, write_shop
from winnow.data.shop.browse import browse
from winnow.data.shop.effects import Effects
from winnow.data.shop.exposure import examination
from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.shop_spec import SIZES, Drift
from winnow.data.shop.tables import OPENING
from winnow.data.shop.truth import SIMULATOR_VERSION, Truth, device_codes, rows_of
from winnow.schema.errors import DataError

DRIFTING = replace(SIZES["tiny"], seed=11, drift=Drift(day=6), logged=0.7, effects=Effects().without("words"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A drifting shop in a folder, and the chance that every slot had when its visitor saw it."""
    chances = []

    def overheard(model, exposure, visits, draw):
        pages, looks = [], browse(model, exposure, visits, draw)
        for page in looks:
            pages.append(page)
            yield page
        chances.append((visits, pages))

    folder = tmp_path_factory.mktemp("shops") / "drifting"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(day_log, "browse", overheard)
        write_shop.write_shop(DRIFTING, folder, jobs=1)
    return folder, chances


@pytest.fixture(scope="module")
def truth(written) -> Truth:
    return Truth.open(written[0])


def heard(chances, world):
    """(user, second since the opening, position) -> item, chance: of all that logged users were shown."""
    told = {}
    for day, (visits, pages) in enumerate(chances):
        for page in pages:
            start = day * 86_400 + visits.second[: len(page)] + 60.0 * page.number
            for visit, slot in np.argwhere(page.shown & world.logged[visits.user[: len(page), None]]):
                at = round(float(start[visit]) + 6.0 * int(slot), 3)
                key = (int(visits.user[visit]), round(OPENING + at, 3), int(slot) + 1)
                told[key] = int(page.items[visit, slot]), float(page.chance[visit, slot])
    return told


def test_the_oracle_knows_the_chance_of_every_logged_impression(written, truth):
    folder, chances = written
    log = ImpressionLog.read(folder, truth)
    told = heard(chances, truth.world)
    assert len(chances) == DRIFTING.days
    keys = list(zip(log.users.tolist(), np.round(log.at, 3).tolist(), log.positions.tolist(), strict=True))
    assert set(keys) == told.keys()
    assert len(keys) == len(told) > 20_000
    chance = truth.click_probability(log.users, log.items, log.at, log.devices, log.clicks)
    assert log.items.tolist() == [told[key][0] for key in keys]
    assert np.abs(chance - [told[key][1] for key in keys]).max() < 1e-6
    assert (~log.known).sum() > 2_000
    assert (log.clicks >= 0).any(axis=1).sum() > 1_500


def test_clicks_are_as_frequent_as_the_oracle_says_by_decile_of_its_chance(written, truth):
    log = ImpressionLog.read(written[0], truth)
    chance = truth.click_probability(log.users, log.items, log.at, log.devices, log.clicks)
    click = chance.astype(float) * examination()[log.positions.astype(int) - 1]
    for rows in np.array_split(np.argsort(click), 10):
        error = (click[rows] * (1 - click[rows])).sum() ** 0.5 / len(rows)
        assert log.clicked[rows].mean() == pytest.approx(click[rows].mean(), abs=4.5 * error)


def test_what_was_written_is_opened_again(written, truth, tiny, tiny_folder):
    assert truth.world.spec == DRIFTING
    assert Truth.open(tiny_folder).world.spec == SIZES["tiny"]
    opened = Truth.open(tiny_folder)
    assert opened.strength.scale == {name: float(value) for name, value in tiny.strength.scale.items()}
    assert opened.strength.bias == tiny.strength.bias
    assert truth.strength.scale["words"] == 0
    assert np.array_equal(opened.world.before.likings, tiny.world.before.likings)


def test_anonymous_visitors_are_known_by_the_names_of_their_sessions(tiny, tiny_folder):
    wanted = {
        f"session:{session}": user
        for log in tiny.logs
        for session, user in zip(log.visitors["session"].tolist(), log.visitors["user"].tolist(), strict=True)
    }
    truth = Truth.open(tiny_folder)
    assert dict(truth.visitors) == wanted
    name, row = next(iter(wanted.items()))
    names = pa.array(["u00000", name, "u00299", "u00300", "session:0", "", None])
    assert truth.user_rows(names).tolist() == [0, row, 299, -1, -1, -1, -1]


def test_unknown_items_have_no_row(truth):
    names = pa.array(["i00119", "i00120", "u00000", "i00000", None])
    assert truth.item_rows(names).tolist() == [119, -1, -1, 0, -1]


def test_names_are_found_in_chunks_and_in_dictionaries():
    names = pa.chunked_array([pa.array(["b"]).dictionary_encode(), pa.array(["a", "c"]).dictionary_encode()])
    assert rows_of(names, pa.array(["a", "b"])).tolist() == [1, 0, -1]


def test_an_unknown_device_counts_as_the_most_usual():
    assert device_codes(pa.array(["tablet", "fridge", None, "desktop"])).tolist() == [2, 0, 0, 1]


def test_a_folder_without_truth_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"holds no truth/truth\.json; only a simulated shop has a known truth"):
        Truth.open(tmp_path)


def test_the_truth_of_another_version_is_refused(written, tmp_path):
    shop = tmp_path / "shop"
    shutil.copytree(written[0] / "truth", shop / "truth")
    told = json.loads((shop / "truth" / "truth.json").read_text())
    assert told["simulator_version"] == SIMULATOR_VERSION
    for other in (SIMULATOR_VERSION - 1, SIMULATOR_VERSION + 1):
        (shop / "truth" / "truth.json").write_text(json.dumps(told | {"simulator_version": other}))
        with pytest.raises(DataError, match=f"made by version {other} of the simulator .* Simulate the shop again"):
            Truth.open(shop)


def test_instants_outside_of_the_shops_time_belong_to_its_first_and_last_day(truth):
    at = OPENING + 86_400 * np.array([-3.0, 0.0, 0.99, 13.99, 14.0, 200.0])
    assert {day: rows.tolist() for day, rows in truth.by_day(at)} == {0: [0, 1, 2], 13: [3, 4, 5]}


def test_the_place_of_an_instant_is_its_device_hour_and_weekday_in_utc():
    at = OPENING + np.array([0, 3_599.999, 3_600, 86_400 * 6 + 23 * 3_600, 86_400 * 7])
    assert Truth.place(at, np.array([0, 0, 0, 2, 1])).tolist() == [0, 0, 7, (2 * 24 + 23) * 7 + 6, 24 * 7]


def test_other_likings_may_stand_in_for_the_true_ones(written, truth):
    log = ImpressionLog.read(written[0], truth).take(np.arange(500))
    moment = (log.items, log.at, log.devices, log.clicks)
    true = truth.logit_of(truth.world.before.likings, log.users, *moment)
    assert np.array_equal(true, truth.click_logit(log.users, *moment))
    nobody = truth.logit_of(np.zeros((1, 65), np.float32), np.zeros(500, int), *moment)
    assert not np.allclose(nobody, true)


def test_names_of_visitors_in_the_truth_are_of_logged_users_only(written, truth):
    table = pq.read_table(written[0] / "truth" / "visitors.parquet")
    rows = truth.user_rows(table["user_id"].cast(pa.string()).combine_chunks())
    assert truth.world.logged[rows].all()
    assert len(rows) == len(truth.visitors) > 100
