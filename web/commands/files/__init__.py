"""Take files and other services' reports in."""
