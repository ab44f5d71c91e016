"""What the documentation site takes from the code: run by ``hooks`` when the site is built."""
