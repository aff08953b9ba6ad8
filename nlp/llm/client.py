"""The client: one question to an OpenAI-compatible endpoint, within the budget, and what its failures mean for the run.

Messages flow in from nlp.llm.extractor, the words of the completion flow out to nlp.llm.reply. Retries with back-off that obey Retry-After are
the openai package's; it is imported with the first question, so that a run that is served from the cache does without it.
What an endpoint says in its errors is shown without the key, should it echo it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from nlp.errors import ExtractorFailed
from nlp.llm.failures import BudgetSpent, Refused, Truncated, Unanswered
from nlp.llm.prompt import BY_SCHEMA, BY_WORDS, Message
from nlp.llm.reply import Completion, read_completion
from nlp.llm.tally import Tally

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

SEED = 20231106
MOST_UNANSWERED = 3  # questions in a row, after which the endpoint counts as away for the rest of the run
LONGEST_MESSAGE = 300
SECRET_LENGTH = 8  # characters from which a key is a secret to be looked for, and no placeholder such as "none"
STOPPING = {
    401: "refuses the key; set YUANLIU_LLM_KEY",
    402: "wants to be paid",
    403: "does not allow this",
    404: "knows no such address or model; set YUANLIU_LLM_URL, which mostly ends in /v1, and model in [llm]",
    405: "is no such endpoint; set YUANLIU_LLM_URL, which mostly ends in /v1",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Where to ask, whom, how patiently, and for how many tokens a run (0: no limit)."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 60.0
    retries: int = 4
    budget: int = 2_000_000


class Client:
    """Asks one endpoint; counts requests and tokens."""

    def __init__(self, endpoint: Endpoint, tally: Tally) -> None:
        self.endpoint = endpoint
        self.tally = tally
        self._openai: OpenAI | None = None
        self._form: dict[str, Any] = BY_SCHEMA
        self._unanswered = 0
        self._spent = False

    def ask(self, messages: list[Message], *, attempt: int = 0) -> str:
        """Return the words of a completion; `attempt` varies the seed.

        Raises:
            PieceFailure: when there are none to be had.
            ExtractorFailed: when the endpoint will not answer any question.
        """
        self._check_budget(messages)
        if self._unanswered >= MOST_UNANSWERED:
            raise Unanswered(
                f"{self.endpoint.url} did not answer {MOST_UNANSWERED} times in a row and is not asked again"
            )
        completion = self._complete(messages, seed=SEED + attempt)
        self._unanswered = 0
        return self._without_key(completion.words())

    def close(self) -> None:
        """Close the connections."""
        if self._openai is not None:
            self._openai.close()
            self._openai = None

    def _check_budget(self, messages: list[Message]) -> None:
        """Raise BudgetSpent if the prompt alone would go over the budget, from then on for every question."""
        budget = self.endpoint.budget
        due = sum(estimate(message["content"]) for message in messages)
        if budget and self.tally.tokens + due > budget:
            self._spent = True
        if self._spent:
            raise BudgetSpent(
                f"the budget of {budget} tokens a run is spent: {self.tally.tokens} are used, the next prompt takes about {due}; "
                "run again, or raise budget in [llm]"
            )

    def _complete(self, messages: list[Message], *, seed: int) -> Completion:
        """Return the completion, in the strictest form that the endpoint knows."""
        client = self._connect()
        import openai  # noqa: PLC0415 - after _connect has told what to install

        forms: list[dict[str, Any]] = [BY_WORDS] if self._form is BY_WORDS else [BY_SCHEMA, BY_WORDS]
        for form in forms:
            try:
                completion = self._post(client, messages, form, seed)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if form is BY_WORDS or is_too_long(error):
                    self._give_up(error)
                continue
            except openai.APIStatusError as error:
                self._give_up(error)
            except openai.OpenAIError as error:
                self._unanswered += 1
                raise Unanswered(f"no answer from {self.endpoint.url}: {self._shown(error)}") from None
            self._form = form
            return completion
        raise AssertionError("the last form either answers or raises")

    def _post(self, client: OpenAI, messages: list[Message], form: dict[str, Any], seed: int) -> Completion:
        """Send one question and read the response; count its tokens, though it be of no use."""
        create: Any = client.chat.completions.with_raw_response.create
        response = create(
            model=self.endpoint.model, messages=messages, response_format=form, temperature=0, seed=seed, stream=False
        ).http_response
        completion = read_completion(response.content, content_type=response.headers.get("content-type", ""))
        prompt, answer = completion.prompt_tokens, completion.completion_tokens
        asked = sum(estimate(message["content"]) for message in messages)
        self.tally.prompt_tokens += asked if prompt is None else prompt
        self.tally.completion_tokens += estimate(completion.content) if answer is None else answer
        return completion

    def _connect(self) -> OpenAI:
        """Return the openai client, made at the first question."""
        if self._openai is not None:
            return self._openai
        try:
            import httpx2  # noqa: PLC0415
            import openai  # noqa: PLC0415
        except ImportError as error:
            raise ExtractorFailed(
                f'extractor = "llm" needs a package that is not installed ({error.name}); '
                "pip install 'yuanliu[llm]' brings it, extractor = \"rules\" does without"
            ) from None

        from nlp.llm.transport import BoundedTransport  # noqa: PLC0415 - needs httpx2

        seconds = self.endpoint.timeout
        transport = BoundedTransport(key=self.endpoint.key, seconds=seconds, sent=self._count)
        self._openai = openai.OpenAI(
            api_key="the transport has it",
            admin_api_key="",
            base_url=self.endpoint.url,
            timeout=seconds,
            max_retries=self.endpoint.retries,
            http_client=httpx2.Client(transport=transport, trust_env=False, follow_redirects=False),
        )
        return self._openai

    def _count(self) -> None:
        self.tally.requests += 1

    def _give_up(self, error: APIStatusError) -> NoReturn:
        """Raise what a refused request means: for this piece, this document or the whole run."""
        code, shown = error.status_code, self._shown(error)
        self._unanswered += code == 429 or code >= 500 or code in (408, 409)
        if 300 <= code < 400:
            raise ExtractorFailed(
                f"{self.endpoint.url} redirects ({code}); set YUANLIU_LLM_URL to the address it redirects to"
            )
        if code in STOPPING:
            raise ExtractorFailed(f"{self.endpoint.url} {STOPPING[code]} ({shown})")
        if is_too_long(error):
            raise Truncated(f"the piece is too long for the model ({shown})")
        if code == 429 or code >= 500 or code in (408, 409):
            raise Unanswered(f"no answer from {self.endpoint.url}: {shown}")
        raise Refused(f"{self.endpoint.url} refuses the request ({shown})")

    def _shown(self, error: Exception) -> str:
        """Return what an error says, short and without the key."""
        text = self._without_key(str(error), always=True)
        return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"

    def _without_key(self, text: str, *, always: bool = False) -> str:
        """Return a text in which the key, should it stand there, is blanked."""
        key = self.endpoint.key
        return text.replace(key, "***") if key and (always or len(key) >= SECRET_LENGTH) else text


def is_too_long(error: APIStatusError) -> bool:
    """Whether an endpoint refuses a request since the model reads no more than so much."""
    return error.status_code == 413 or error.code == "context_length_exceeded"


def estimate(text: str) -> int:
    """Return about how many tokens a text takes, for endpoints that do not count: a Han character one, four letters one.

    >>> estimate("零一万物"), estimate("source and course")
    (4, 5)
    """
    plain = sum(character.isascii() for character in text)
    return len(text) - plain + -(-plain // 4)
