"""Fetch pages and threads and keep them: sources in, documents out."""
