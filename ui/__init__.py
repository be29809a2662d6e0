"""Everything the pages share on screen."""
