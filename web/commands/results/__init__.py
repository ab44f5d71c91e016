"""What was made for others: the report to the committee, its figures, and releases."""
