"""The catalogue as people look through it: words, filters, counts, pages; no visitor and no model."""
