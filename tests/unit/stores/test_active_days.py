from winnow.stores.active_days import ActiveDays


def test_those_whose_last_day_is_early_come_a_few_at_a_time():
    days = ActiveDays()
    for number in range(5):
        days.add(f"a{number}", 1)
    days.add("b", 2)
    days.add("c", 3)
    days.remove("a0", 1)
    days.add("a0", 3)
    assert set(days.some_before(3, 9)) == {"a1", "a2", "a3", "a4", "b"}
    assert len(days.some_before(3, 2)) == 2
    assert days.some_before(1, 9) == []
    for name in days.some_before(2, 9):
        days.remove(name, 1)
    assert days.some_before(3, 9) == ["b"]
