"""Make the store, copy it, take it back, and look after what it keeps and whom it names."""
