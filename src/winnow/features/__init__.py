"""Raw columns to model arrays: fitted on tables with Ibis, applied in NumPy by one object in training and serving."""
