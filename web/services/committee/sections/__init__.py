"""What a report says, a section a file, from facts that were read once.

Start at ``summary``; ``compiling`` puts them in order.
"""
