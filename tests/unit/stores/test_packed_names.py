from hypothesis import given
from hypothesis import strategies as st

from winnow.stores.packed_names import pack_names, unpack_names


@given(names=st.lists(st.text()))
def test_names_of_any_characters_come_back_as_they_were(names):
    assert unpack_names(*pack_names(names)) == tuple(names)
