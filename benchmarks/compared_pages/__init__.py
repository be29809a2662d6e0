"""What page_speed.py measures the Playground against."""
