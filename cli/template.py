"""The yuanliu.toml that `yuanliu init` writes: every key with its default, as comments where it is seldom needed."""

TEMPLATE = """# yuanliu.toml: what yuanliu uses when it is run in this folder. Everything here is optional.

archive = "yuanliu.db"               # documents, their revisions, and the frontier
store = "sqlite:yuanliu.db"          # the graph; or neo4j://HOST:7687, the password in YUANLIU_NEO4J_PASSWORD
# contact = "mailto:you@example.org" # goes into the user agent of every request
# names = ["my-names.toml"]          # your own people, organisations and model families
# vocabulary = true                  # false: only the names in your files
# taggers = ["en_core_web_trf"]      # installed spaCy pipelines that look for names besides the built-in tagger
# catalogue = true                   # false: only the sources below
# extractor = "rules"                # llm: statements from a language model, see [llm]

[crawl]
delay = 1.0                          # seconds between two requests to a host
allow_private = false                # loopback and private addresses, for intranets
# proxy = "http://127.0.0.1:3128"
# budget = 2000                      # requests a day to one host, 0: no limit
# browser = "/usr/bin/chromium"      # renders the sources with render = true; one is looked for

# [follow]                           # names that are keywords of every source that has keywords
# models = ["Yi-34B"]
# people = ["李开复"]
# organizations = ["零一万物", "01.AI"]

# [llm]                              # only with extractor = "llm"; its address is in YUANLIU_LLM_URL, its key in YUANLIU_LLM_KEY
# model = "NAME"                     # as the endpoint calls it
# timeout = 60                       # seconds for a reply
# retries = 4                        # after time-outs and errors of the server
# budget = 2000000                   # tokens a run, 0: no limit
# piece = 6000                       # characters that are read at once
# overlap = 600                      # of them that the next piece repeats

# [[source]]
# name = "example-news"
# kind = "feed"                      # feed | sitemap | list | discourse; `yuanliu sources add URL` finds out
# url = "https://example.org/feed.xml"
# language = "zh"
# every = "6h"
# keywords = ["零一万物", "Yi-34B"]   # empty: everything
# minimum = 5                        # fewer documents than this in a run is a failure
"""
