"""Charts as SVG drawings that the server makes: no script, no inline style, and a table beside."""
