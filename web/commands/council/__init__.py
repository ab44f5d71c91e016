"""What a council sets: words, rules, contracts, accounts, systems; and what the law says."""
