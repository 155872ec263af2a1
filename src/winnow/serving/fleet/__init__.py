"""All workers that answer, here and elsewhere, and the orders that they carry out."""
