"""What the lessons draw: one module a lesson, called by its page."""
