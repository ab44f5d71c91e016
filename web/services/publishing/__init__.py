"""What the public may see, and which small counts it may not.

Imports no other room. Start with `public_figures`.
"""
