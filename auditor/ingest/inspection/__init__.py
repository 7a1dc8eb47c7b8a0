"""What a file seems to be: roles guessed from names and values, with their doubts."""
