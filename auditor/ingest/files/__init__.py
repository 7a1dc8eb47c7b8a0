"""A path as safe, readable text: what the file is, its encoding, its records."""
