"""What the parts of Teach it draw, one module a part."""
