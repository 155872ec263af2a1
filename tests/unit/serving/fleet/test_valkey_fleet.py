"""Fleets in one process, on a real server: each has a worker that writes down what it obeys."""

from threading import Barrier, Thread

import orjson
import pytest

from tests.unit.serving.fleet.fleets import fleets, item, of_bundle, sent
from tests.unit.serving.fleet.scribe import Scribe
from tests.unit.serving.live_service import wait_for
from tests.valkey_server import PATIENT_S
from winnow.schema.errors import Unavailable
from winnow.serving.engines.shadow_tally import ShadowTally
from winnow.serving.fleet.valkey_fleet import ValkeyFleet
from winnow.serving.orders.order import Order
from winnow.serving.orders.written_order import written_order
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_orders import WORKERS, ValkeyOrders


def test_all_have_carried_an_order_out_when_it_returns_and_pictures_are_what_they_were(server):
    one, other = Scribe(), Scribe()
    order = item("a", title="ä", picture=b"\xff\x00", tags=["x", {"y": b"z"}])
    with fleets(server, one, other) as (first, second):
        assert first.is_durable
        reports = first.order(order)
        assert one.done == other.done == [order]
        assert [(each.bundle, each.refusal) for each in reports] == [("a bundle", None)] * 2
        assert {each.worker for each in reports} == {first.name, second.name}
        assert first.reports() == second.reports() == reports


def test_each_tells_the_others_what_it_found_of_a_candidate(server):
    one, other = Scribe(), Scribe()
    with fleets(server, one, other) as (first, second):
        other.shadow._tally = ShadowTally(digest="b", requests=3, shift=0.5)
        second.order(item("a"))  # whoever carries an order out reports
        told = {each.worker: ShadowTally(**each.shadow) for each in first.reports()}
    assert told == {first.name: ShadowTally(digest=""), second.name: ShadowTally(digest="b", requests=3, shift=0.5)}


def test_orders_of_many_threads_come_to_all_in_one_sequence(server):
    scribes = [Scribe(), Scribe(), Scribe()]
    with fleets(server, *scribes) as found:
        ready = Barrier(3)

        def give(number: int) -> None:
            ready.wait()
            for place in range(20):
                found[number].order(of_bundle("shadow", f"{number} {place}"))

        threads = [Thread(target=give, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert scribes[0].told() == scribes[1].told() == scribes[2].told()
        assert len({*scribes[0].told()}) == 60


def test_who_begins_later_carries_out_the_last_word_on_each_item_that_training_has_not_read(server):
    with fleets(server, Scribe()) as (first,):
        for order in (item("a", 5.0), item("b", 6.0), item("a", 7.0), item("c", 8.0), item("old", 4.0)):
            first.order(order)
        late = Scribe(trained_until=5.0)
        with fleets(server, late):
            assert [(each.told["item_id"], each.at) for each in late.done] == [("b", 6.0), ("a", 7.0), ("c", 8.0)]


def test_who_begins_later_takes_items_together_up_to_the_next_word_on_a_bundle(server):
    names = [f"{number:02}" for number in range(20)]
    with fleets(server, Scribe()) as (first,):
        for order in (*map(item, names[:10]), of_bundle("prepare_bundle", "b"), *map(item, names[10:])):
            first.order(order)
        late, choosy = Scribe(), Scribe(cannot=frozenset({"03"}))
        with fleets(server, late, choosy):
            pass
    assert late.told() == [*names[:10], "b", *names[10:]]
    assert late.together == [10, 10]
    assert choosy.told() == [*names[:3], *names[4:10], "b", *names[10:]]


BUNDLES = [
    of_bundle("prepare_bundle", "b", 1.0),
    of_bundle("switch_bundle", "b", 2.0),
    of_bundle("prepare_bundle", "c", 3.0),
    of_bundle("canary", "c", 4.0),
    of_bundle("drop_bundle", "c", 5.0),
    of_bundle("prepare_bundle", "a", 6.0),
    of_bundle("switch_bundle", "a", 7.0),
    of_bundle("prepare_bundle", "d", 8.0),
    of_bundle("shadow", "d", 9.0),
]


@pytest.mark.parametrize(("chosen_at", "names"), [(0.0, ["a", "a", "d", "d"]), (7.5, ["d", "d"])])
def test_of_bundles_it_is_the_last_switch_that_the_registry_does_not_know_and_what_followed(server, chosen_at, names):
    with fleets(server, Scribe()) as (first,):
        for order in BUNDLES:
            first.order(order)
        late = Scribe(chosen_at=chosen_at)
        with fleets(server, late):
            assert late.told() == names


def test_a_refusal_is_reported_for_its_worker_and_stops_nobody(server):
    willing, choosy = Scribe(), Scribe(refuses="shadow")
    with fleets(server, willing, choosy) as (first, second):
        reports = {each.worker: each.refusal for each in first.order(of_bundle("shadow", "b"))}
        assert reports == {first.name: None, second.name: "It is not to my taste."}
        assert [each.refusal for each in first.order(item("a"))] == [None, None]
        assert (willing.told(), choosy.told()) == (["b", "a"], ["a"])


def test_a_worker_whose_program_fails_reports_that_and_goes_on(server, monkeypatch, caplog):
    scribe = Scribe()
    with fleets(server, scribe) as (fleet,):
        monkeypatch.setattr(scribe, "obey", lambda order: {}["nothing"])
        (report,) = fleet.order(item("a"))
        assert report.refusal == "The order put_item failed inside the worker; its log holds the cause."
        assert "KeyError" in caplog.text
        monkeypatch.undo()
        fleet.order(item("b"))
        assert scribe.told() == ["b"]


def test_nobody_waits_for_the_dead_and_who_lives_and_does_nothing_is_named(server):
    with fleets(server, Scribe()) as (fleet,):
        client = ValkeyClient(server.url, read_timeout_s=PATIENT_S)
        ghost = ValkeyOrders(client=client)
        ghost.report("slow one", orjson.dumps({"done": 0, "run": fleet.orders.server()[0], "bundle": "x"}))
        hurried = ValkeyFleet(orders=fleet.orders, follower=fleet.follower, limit_s=0.05)
        with pytest.raises(Unavailable, match="not known to be carried out by slow one"):
            hurried.order(item("a"))
        (told,) = client.send([("HGET", WORKERS, "slow one")])
        at, said = told.split(b" ", 1)
        client.send([("HSET", WORKERS, "slow one", b"%d %s" % (int(at) - 60_000, said))])
        assert [each.worker for each in fleet.order(item("b"))] == [fleet.name]
        ghost.report("slow one", orjson.dumps({"done": 1000, "run": fleet.orders.server()[0], "bundle": "x"}))
        assert len(fleet.order(item("c"))) == 2
        ghost.leave("slow one")
        assert len(fleet.order(item("d"))) == 1
        client.close()


def test_who_has_left_is_not_waited_for(server):
    with fleets(server, Scribe()) as (first,):
        with fleets(server, Scribe()):
            assert len(first.order(item("a"))) == 2
        assert len(first.order(item("b"))) == 1


def test_without_the_server_nobody_carries_anything_out_and_with_it_all_go_on(server):
    one, other = Scribe(), Scribe()
    with fleets(server, one, other) as (first, second):
        first.order(item("a"))
        server.kill()
        with pytest.raises(Unavailable, match="not answer"):
            second.order(item("lost"))
        with pytest.raises(Unavailable):
            second.reports()
        server.start()
        wait_for(lambda: gives(second, item("b")))
        assert one.told() == other.told() == ["a", "b"]


def gives(fleet: ValkeyFleet, order: Order) -> bool:
    try:
        fleet.order(order)
    except Unavailable:
        return False
    return True


def test_a_worker_begins_without_the_server_and_hears_of_everything_later(server, caplog):
    with fleets(server, Scribe()) as (first,):
        first.order(item("a"))
    server.kill()
    late = Scribe()
    with fleets(server, late) as (fleet,):
        assert "No orders are heard" in caplog.text
        assert (late.done, fleet.is_durable) == ([], False)
        server.start()
        wait_for(lambda: late.told() == ["a"])


def test_a_server_that_was_emptied_and_begins_anew_is_followed(server):
    one, other = Scribe(), Scribe()
    with fleets(server, one, other) as (first, second):
        for each in ("a", "b", "c"):
            first.order(item(each))
        sent(server, ("FLUSHALL",))
        first.orders.give("item:d", written_order(item("d")))
        wait_for(lambda: one.told()[-1] == other.told()[-1] == "d")
        wait_for(lambda: len(second.reports()) == 2)
        assert len(first.order(item("e"))) == 2
        assert one.told() == other.told() == ["a", "b", "c", "d", "e"]


def test_what_was_said_to_an_earlier_run_of_the_server_does_not_count(server):
    with fleets(server, Scribe()) as (fleet,):
        run, _ = fleet.orders.server()
        fleet.orders.report("ghost", orjson.dumps({"done": 1000, "run": run, "bundle": "x"}))
        assert len(fleet.order(item("a"))) == 2
        server.kill()
        server.start()
        wait_for(lambda: "ghost" in missing(fleet))


def missing(fleet: ValkeyFleet) -> str:
    hurried = ValkeyFleet(orders=fleet.orders, follower=fleet.follower, limit_s=0.2)
    try:
        hurried.order(of_bundle("nothing", "b"))
    except Unavailable as error:
        return str(error)
    return ""
