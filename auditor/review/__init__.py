"""Queue, review and oversight: which decisions wait for a person, and what people did."""
