"""A language model on the loopback: it speaks /v1/chat/completions and answers as a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crawler.document import Document
from nlp.llm.client import Endpoint
from nlp.llm.extractor import Cutting, LlmExtractor

KEY = "sk-quite-secret-0123456789"
JSON = "application/json"


def completion(content, *, finish="stop", usage=(100, 20), **message):
    """Return the body of a response whose completion has this content, given as text or as a JSON value."""
    text = content if isinstance(content, str) or content is None else json.dumps(content, ensure_ascii=False)
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text} | message}
    counts = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)} if usage else None
    return {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": counts}


def statement(evidence, *, n=1, kind="accusation", speaker=None, date=None, targets=()):
    """Return the row of a statement; targets are names, or pairs of name and role."""
    pairs = [target if isinstance(target, tuple) else (target, "about") for target in targets]
    rows = [{"name": name, "role": role} for name, role in pairs]
    return {"n": n, "kind": kind, "speaker": speaker, "evidence": evidence, "date": date, "targets": rows}


def reply(*statements, links=()):
    """Return the JSON value of a reply; links are triples of from, to and type."""
    return {
        "statements": list(statements),
        "links": [{"from": a, "to": b, "type": kind} for a, b, kind in links],
    }


@dataclass
class Answer:
    """One response: status, headers, body (bytes, or a JSON value), and how slowly it comes."""

    body: object = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    content_type: str = JSON
    wait: float = 0.0  # seconds before anything is sent
    drip: float = 0.0  # seconds between single bytes
    repeat: int = 1  # how often the body is sent
    hold: threading.Event | None = None

    def data(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()


def error(status, message="no", *, code=None, headers=None):
    """Return an error as these endpoints give it."""
    return Answer({"error": {"message": message, "type": "e", "code": code}}, status=status, headers=headers or {})


class Model:
    """The server. `answers` are given one by one, the last for ever; each is an Answer, a reply, or a function of the request.

    `seen` holds the JSON of each request, `headers` its headers, `times` when it came.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.seen, self.headers, self.times = [], [], []
        self.lock = threading.Lock()

    def __enter__(self):
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                owner.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, request):
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        with self.lock:
            self.times.append(time.monotonic())
            self.seen.append(body)
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
            chosen = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if request.path != "/v1/chat/completions":
            chosen = error(404, f"no {request.path}")
        if callable(chosen):
            chosen = chosen(body)
        if not isinstance(chosen, Answer):
            chosen = Answer(completion(chosen))
        try:
            self.send(request, chosen)
        except OSError:  # the client has gone
            request.close_connection = True

    def send(self, request, chosen):
        if chosen.hold:
            chosen.hold.wait(60)
        self.stopped.wait(chosen.wait)
        data = chosen.data()
        request.send_response(chosen.status)
        headers = {"Content-Type": chosen.content_type, "Content-Length": str(len(data) * chosen.repeat)}
        for name, value in (headers | chosen.headers).items():
            request.send_header(name, value)
        request.end_headers()
        if chosen.drip:
            for byte in data:
                if self.stopped.wait(chosen.drip):
                    return
                request.wfile.write(bytes([byte]))
                request.wfile.flush()
        else:
            for _ in range(chosen.repeat):
                request.wfile.write(data)

    def shown(self, number=-1):
        """Return what a request showed of its document."""
        return json.loads(self.seen[number]["messages"][1]["content"])

    def texts(self):
        """Return the texts that each request showed."""
        return [[post["text"] for post in self.shown(i)["posts"]] for i in range(len(self.seen))]


def make_extractor(where, folder, *, cutting=None, **changes):
    """Return an extractor that asks a model, patient for tests only."""
    settings = {"url": getattr(where, "url", where), "model": "small", "key": KEY, "timeout": 5.0, "retries": 0}
    return LlmExtractor(
        Endpoint(**settings | changes), cache=folder / "yuanliu.llm.db", cutting=Cutting(**cutting or {})
    )


def make_document(text, posts=(), **header):
    return Document.create(text, posts, **({"id": "d1", "published": "2023-11-17"} | header))
