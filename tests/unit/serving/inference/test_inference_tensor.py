import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tritonclient.utils import deserialize_bytes_tensor, serialize_byte_tensor, triton_to_np_dtype

from winnow.serving.inference.inference_bytes import NUMBERS, bytes_of, texts_of
from winnow.serving.inference.inference_tensor import Tensor


def values(datatype: str, shape: tuple[int, ...], content) -> list:
    return Tensor(name="x", datatype=datatype, shape=shape, content=content).values()


@given(st.lists(st.text(max_size=5), min_size=1, max_size=5))
def test_texts_travel_as_the_client_writes_and_reads_them(texts):
    theirs = serialize_byte_tensor(np.array([each.encode() for each in texts], object)).item()
    assert bytes_of(texts) == theirs
    assert texts_of(theirs) == texts
    assert [each.decode() for each in deserialize_bytes_tensor(bytes_of(texts))] == texts


@pytest.mark.parametrize("datatype", NUMBERS)
def test_numbers_travel_as_the_client_writes_and_reads_them(datatype):
    theirs = np.array([[0, 1], [-2, 2**31 - 1]], triton_to_np_dtype(datatype))
    assert values(datatype, (2, 2), theirs.tobytes()) == theirs.ravel().tolist()
    assert Tensor(name="x", datatype=datatype, shape=(2, 2), content=theirs).raw() == theirs.tobytes()


@pytest.mark.parametrize("content", [["a", "b"], [["a"], ["b"]], [b"a", b"b"], b"\1\0\0\0a\1\0\0\0b"])
def test_one_tensor_has_several_forms(content):
    assert values("BYTES", (2, 1), content) == ["a", "b"]


@pytest.mark.parametrize(
    ("datatype", "content", "words"),
    [
        ("BYTES", ["a"], r"it has 1 elements, and its shape \[2\] says 2"),
        ("BYTES", ["a", "b", "c"], "it has 3 elements"),
        ("BYTES", ["a", 1], "element 1 is int, and BYTES is text"),
        ("BYTES", [["a"], "b"], "element 0 is list"),
        ("BYTES", [[["a"]], [["b"]]], "element 0 is list"),
        ("BYTES", [b"a", b"\xff"], "element 1 is not UTF-8 from byte 0 on"),
        ("BYTES", b"\1\0\0\0a\1\0\0\0\xff", "element 1 is not UTF-8 from byte 0 on"),
        ("BYTES", b"\1\0\0\0a\1\0\0", "the length of element 1 is cut off"),
        ("BYTES", b"\1\0\0\0a\xff\xff\xff\xffb", "element 1 has 4,294,967,295 bytes by its length, and 1 follow"),
        ("BYTES", b"", "it has 0 elements"),
        ("INT32", b"\0" * 7, "7 came, and each element takes 4"),
        ("INT32", b"\0" * 12, "it has 3 elements"),
        ("INT64", [1, 2.0], "element 1 is float, and INT64 is a whole number"),
        ("FP32", [1, True], "element 1 is bool, and FP32 is a number"),
        ("FP64", [1, None], "element 1 is NoneType, and FP64 is a number"),
    ],
)
def test_what_is_no_such_tensor_is_refused(datatype, content, words):
    with pytest.raises(ValueError, match=words):
        values(datatype, (2,), content)


@given(st.binary(max_size=40))
def test_any_bytes_are_texts_or_refused(raw):
    try:
        texts = texts_of(raw)
    except ValueError:
        return
    assert bytes_of(texts) == raw
