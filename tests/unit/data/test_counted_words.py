import pyarrow as pa

from winnow.data.counted_words import counted_words


def test_the_most_frequent_words_come_first_and_five_are_enough():
    words = ["n/a"] * 2 + ["NA"] * 1200 + [None] * 3 + list("abcdef")
    assert counted_words(pa.chunked_array([words])) == "NA 1,200, missing 3, n/a 2, a 1, b 1"
