"""What workers do at the same time, and what one after the other."""

from threading import Barrier, Event, Thread

from tests.unit.serving.fleet.fleets import fleets, item, of_bundle
from tests.unit.serving.fleet.scribe import Scribe
from tests.unit.serving.live_service import wait_for
from tests.valkey_server import PATIENT_S
from winnow.serving.fleet.valkey_fleet import ValkeyFleet, _said
from winnow.serving.orders.order import Order, Report


def test_all_carry_an_order_out_at_the_same_time(server, monkeypatch):
    scribes, all_have_begun = [Scribe(), Scribe(), Scribe()], Barrier(3)
    for scribe in scribes:

        def obey(order: Order, obey=scribe.obey) -> None:
            all_have_begun.wait(PATIENT_S)  # or none is done
            obey(order)

        monkeypatch.setattr(scribe, "obey", obey)
    with fleets(server, *scribes) as (first, *_):
        assert [each.refusal for each in first.order(item("a"))] == [None] * 3
        assert [each.told() for each in scribes] == [["a"]] * 3


def test_items_do_not_wait_while_a_bundle_is_prepared_and_what_follows_on_it_does(server, monkeypatch):
    one, other, may_go_on = Scribe(), Scribe(refuses="prepare_bundle"), Event()
    obey = one.obey

    def slowly(order: Order) -> None:
        if order.kind == "prepare_bundle":
            assert may_go_on.wait(PATIENT_S)
        obey(order)

    monkeypatch.setattr(one, "obey", slowly)
    reports: dict[str, list[Report]] = {}
    with fleets(server, one, other) as (first, second):

        def give(fleet: ValkeyFleet, order: Order) -> Thread:
            thread = Thread(target=lambda: reports.update({order.kind: list(fleet.order(order))}))
            thread.start()
            return thread

        preparing = give(first, of_bundle("prepare_bundle", "b"))
        wait_for(lambda: any(_said(each)["preparing"] for each in first.orders.workers()))
        second.order(item("a"))
        assert (one.told(), other.told()) == (["a"], ["a"])
        switching = give(second, of_bundle("switch_bundle", "b"))
        wait_for(lambda: other.told() == ["a", "b"])
        assert one.told() == ["a"]
        assert reports == {}
        may_go_on.set()
        preparing.join()
        switching.join()
        assert [each.kind for each in one.done] == ["put_item", "prepare_bundle", "switch_bundle"]
        assert {each.worker: each.refusal for each in reports["prepare_bundle"]} == {
            first.name: None,
            second.name: "It is not to my taste.",
        }
        assert [each.refusal for each in reports["switch_bundle"]] == [None, None]
