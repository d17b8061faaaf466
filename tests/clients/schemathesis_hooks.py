"""What no JSON Schema can say of a request to this server, for schemathesis (SCHEMATHESIS_HOOKS)."""
import json
import os
import zlib

import schemathesis
from hypothesis import strategies as st

GRAMMARS = ['root ::= "yes" | "no"', "root ::= [a-z]+", 'start: "a" start | "b"']
SCHEMAS = ['{"type": "object"}', '{"type": "string"}', "true", '{"enum": [1, "a"]}']
# Languages of their own, which the document names as formats.
schemathesis.openapi.format("grammar", st.sampled_from(GRAMMARS))
schemathesis.openapi.format("json-schema", st.sampled_from(SCHEMAS))
schemathesis.openapi.format("json-texts", st.sampled_from(['"\\n", ":"', '["is the"]', '"é"']))
schemathesis.openapi.format("model-name", st.sampled_from(os.environ.get("MODEL_NAMES", "no/model").split(",")))


def says_more(body):
    """A text held to a constraint, a constraint behind stages that remove tokens, a part of the model or one of its
    templates, a turn without words, a text that must have two tokens to take one away: the model, its tokenizer or its
    template decides. And a contrast of a token with itself: JSON Schema compares no two numbers."""
    if not isinstance(body, dict):
        return False
    constraint = body.get("constraint")
    constrained = isinstance(constraint, dict) and constraint.get("enabled") is True
    foreign = constrained and constraint.get("type") == "cfg" and constraint.get("schema") not in GRAMMARS
    written = body.get("completion_ids") or body.get("force_text") or body.get("force_token_id") is not None
    settings = body.get("params") if isinstance(body.get("params"), dict) else body
    ordered = constrained and settings.get("stages") is not None
    rival, completion = body.get("contrast_token_id"), body.get("completion_ids")
    itself = rival is not None and rival in (body.get("target_token_id"), *(completion if isinstance(completion, list) else ()))
    parts = any(body.get(name) not in (None, []) for name in ("layer", "head", "remove", "chat_template"))
    turns = body.get("messages")
    wordless = isinstance(turns, list) and any(
        not isinstance(turn, dict) or not isinstance(turn.get("content"), str) for turn in turns
    )
    measured = body.get("faithfulness") is True or body.get("method") == "comparison"
    return lists_much(body) or (constrained and written) or ordered or foreign or itself or parts or wordless or measured


def lists_much(body):
    """More log-probabilities than one answer lists: of the model's 384 tokens each, in a context of 128."""

    def most(names, default, limit):
        sent = [body[name] for name in names if isinstance(body.get(name), (int, float))]
        return max([limit if value < 0 else min(value, limit) for value in sent], default=default)

    listed = most(("logprobs", "n_probs", "top_logprobs", "prompt_logprobs"), 0, 384)
    tokens = most(("max_tokens", "max_completion_tokens", "n_predict"), 128, 128)
    prompts = len(body["prompt"]) if isinstance(body.get("prompt"), list) else 1
    return (listed + 1) * tokens * prompts * most(("n", "best_of"), 1, 128) > 400_000


def is_long(body):
    """More than the small model of the test can read: in one text or list, or in the turns of a conversation."""
    if isinstance(body, (str, list)):
        return len(body) > 60 or (isinstance(body, list) and any(is_long(part) for part in body))
    if not isinstance(body, dict):
        return False
    turns = [body.get(name) for name in ("messages", "tools", "documents", "chat_template_kwargs")]
    return len(json.dumps(turns)) > 400 or any(is_long(part) for part in body.values())


def asks_the_hub(asked):
    """Names with an owner, of which a revision may be asked too: the hub is out of the test's reach."""
    if not isinstance(asked, dict):
        return False
    return asked.get("revision") is not None or "/" in str(asked.get("id", ""))


# Of cases that another endpoint has as well one in five is tried, all where SCHEMATHESIS_ALL is set: of these endpoints
# each, as their thirty settings are those of /api/generate, of these others what is varied in the fields named, which
# are of one schema in all of them. /api/generate has all.
SAMPLED = ("/completion", "/v1/completions", "/v1/chat/completions", "/apply-template")
SHARED = {
    "/api/preview": ("params", "constraint"),
    "/api/step": ("params", "constraint"),
    "/api/vocabulary": ("params", "constraint"),
    "/api/constraint/choices": ("params",),
}


def varies(case, fields):
    """What is tried lies in one of these fields, as the case itself says."""
    said = case.meta.phase.data.description or ""
    return any(said.startswith(field) or f"'{field}' value" in said for field in fields)


def is_spared(case):
    path = case.operation.path
    shared = path in SAMPLED or varies(case, SHARED.get(path, ()))
    if not shared or os.environ.get("SCHEMATHESIS_ALL"):
        return False
    return zlib.crc32(repr(case.body).encode("utf-8", "replace")) % 5 != 0


@schemathesis.hook
def filter_case(context, case):
    beyond = asks_the_hub(case.query) or asks_the_hub(case.body)
    return not (is_spared(case) or beyond or says_more(case.body) or is_long(case.body))


# A stream that only ends with the server: nothing is lost by leaving it early.
ENDLESS = "/api/model/events"


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path == ENDLESS:
        kwargs["timeout"] = 2  # seconds without a word
