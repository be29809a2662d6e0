"""How tables learn: gradients of the whole calculation, training step by step, what cannot be learned. No screen."""
