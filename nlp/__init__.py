"""Read documents: names, statements, dates and links in Chinese and English."""
