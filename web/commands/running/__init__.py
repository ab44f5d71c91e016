"""Serve, keep going, check, and hold many councils in one house; the demo, served."""
