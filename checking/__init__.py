"""Whether printed numbers of self-attention are right, and where they first go wrong."""
