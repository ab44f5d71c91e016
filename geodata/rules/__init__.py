"""Rules that decide dates and amounts: pure functions over dated tables, never constants."""
