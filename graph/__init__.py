"""Join annotations into one graph of entities, claims and disputes, and answer questions about it."""
