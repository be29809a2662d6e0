"""Do the tests of a room notice when its code is wrong? Small faults are put into it, one at a time."""
