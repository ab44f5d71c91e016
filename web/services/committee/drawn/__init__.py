"""A document as a file: HTML, PDF, DOCX, the map's own sheet, and charts for paper.

Start at ``files``.
"""
