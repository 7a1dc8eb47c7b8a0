"""A package, so that no installed package called ``tests`` stands in its place."""
