"""How good an answer is: pure functions of NumPy arrays, one value per user wherever a bootstrap may follow."""
