"""Training of the name tagger: passages with slots, invented names, and the command `python -m nlp.training`."""
