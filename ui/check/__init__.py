"""What the page Check my numbers shows, in the order of the page."""
