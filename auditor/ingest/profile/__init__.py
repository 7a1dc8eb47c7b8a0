"""What each column of an export means, as a profile declares it."""
