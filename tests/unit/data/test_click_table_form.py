import pytest

from winnow.data.click_table_form import ClickTableForm
from winnow.schema.errors import SchemaError


def test_the_default_is_the_form_of_criteo():
    columns = ClickTableForm().columns
    assert (len(columns), columns[:2], columns[13:15], columns[-1]) == (40, ("label", "I1"), ("I13", "C1"), "C26")


def test_a_column_is_one_thing():
    with pytest.raises(SchemaError, match="names the column 'x' twice"):
        ClickTableForm(numbers=("x",), categories=("x",))


def test_a_label_alone_is_no_table():
    with pytest.raises(SchemaError, match="neither numbers nor categories"):
        ClickTableForm(numbers=(), categories=())
