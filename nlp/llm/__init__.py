"""The optional extractor: statements and links from a language model behind an OpenAI-compatible endpoint, held to the text.

A Reading with its names, references and dates flows in from nlp.pipeline; statements and links flow out, each with words that
stand in the document. Nothing imports this package unless a user chooses `extractor = "llm"`.
"""
