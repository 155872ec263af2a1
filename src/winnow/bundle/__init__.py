"""All that training hands to serving: hashed, versioned, immutable, its manifest written last."""
