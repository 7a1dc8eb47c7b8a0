"""Pure statistics over arrays: knows no people, no files, no policy."""
