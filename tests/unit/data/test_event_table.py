import pytest

from winnow.schema.errors import DataError


def message_of(validate):
    with pytest.raises(DataError) as caught:
        validate()
    return str(caught.value)


def finding_of(dataset):
    (finding,) = dataset.report.findings
    return finding


def test_ids_that_one_text_file_writes_as_floats_still_match(validate, users, events):
    for n, user in enumerate(users):
        user["who"] = f"{n}.0"
    for n, event in enumerate(events):
        event["who"] = str(n % 3)
    dataset = validate()
    assert dataset.users["user_id"].to_pylist() == ["0", "1", "2"]
    finding = finding_of(dataset)
    assert (finding.table, finding.count, finding.action) == ("users", 3, "repaired")
    assert finding.problem == "ids of 'who' were written as floats and are read as whole numbers"


def test_unknown_ids_that_another_spelling_would_resolve_are_shown_with_it(validate, events):
    for event in events[:7]:
        event["sku"] = event["sku"].upper()
    assert "an item that the items table does not have ('I0' may be its 'i0')" in message_of(validate)


def test_unknown_users_of_another_spelling_are_shown_with_it(validate, events):
    events[1]["who"] = "U2"
    assert finding_of(validate()).problem.endswith("does not have ('U2' may be its 'u2')")


@pytest.mark.parametrize(("column", "words"), [("who", "1 user and 4 items"), ("sku", "3 users and 1 item")])
def test_a_shop_of_one_user_or_one_item_is_refused(validate, events, column, words):
    for event in events:
        event[column] = events[0][column]
    text = message_of(validate)
    assert "1 problem:" in text
    assert "can be used, and they name " + words in text
    assert "at least 2 of each are wanted" in text
