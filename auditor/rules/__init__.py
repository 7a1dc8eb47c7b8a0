"""Policy entries bound to their kinds, and what they say about an export."""
