"""What commands share: the store that is set, how to print and to refuse, and moments of time."""
