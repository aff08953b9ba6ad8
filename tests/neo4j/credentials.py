"""What logs in to a test's server: the server in, its Credentials out."""

from graph.store import Credentials


def credentials(server):
    user, password = server.auth or ("neo4j", "")
    return Credentials(user=user, password=password)
