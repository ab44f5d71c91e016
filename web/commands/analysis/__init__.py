"""Find hotspots, ask how well they foretell, and plan patrols; the workers of long runs."""
