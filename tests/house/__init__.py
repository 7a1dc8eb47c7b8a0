"""The house itself: catalogues complete, generated pages current, promises kept."""
