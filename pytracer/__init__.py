"""A recorder of Python programs for going back in their history."""
