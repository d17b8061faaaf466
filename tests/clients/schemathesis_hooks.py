"""What no JSON Schema can say of a request to this server, for schemathesis (SCHEMATHESIS_HOOKS)."""
import schemathesis
from hypothesis import strategies as st

GRAMMARS = ['root ::= "yes" | "no"', "root ::= [a-z]+", 'start: "a" start | "b"']
SCHEMAS = ['{"type": "object"}', '{"type": "string"}', "true", '{"enum": [1, "a"]}']
# Languages of their own, which the document names as formats.
schemathesis.openapi.format("grammar", st.sampled_from(GRAMMARS))
schemathesis.openapi.format("json-schema", st.sampled_from(SCHEMAS))


def says_more(body):
    """A text held to a constraint, a part of the model, a turn without words: the model or its template decides."""
    if not isinstance(body, dict):
        return False
    constraint = body.get("constraint")
    constrained = isinstance(constraint, dict) and constraint.get("enabled") is True
    written = body.get("completion_ids") or body.get("force_text") or body.get("force_token_id") is not None
    parts = any(body.get(name) not in (None, []) for name in ("layer", "head", "remove"))
    turns = body.get("messages")
    wordless = isinstance(turns, list) and any(
        not isinstance(turn, dict) or not isinstance(turn.get("content"), str) for turn in turns
    )
    return (constrained and written) or parts or wordless


def is_long(body):
    """More than the small model of the test can read."""
    if isinstance(body, (str, list)):
        return len(body) > 60 or (isinstance(body, list) and any(is_long(part) for part in body))
    return isinstance(body, dict) and any(is_long(part) for part in body.values())


def names_no_revision(query):
    """A revision goes with owner/name only; parameters know nothing of each other."""
    return "revision" in (query or {}) and "/" not in str(query.get("id", ""))


@schemathesis.hook
def filter_case(context, case):
    return not (names_no_revision(case.query) or says_more(case.body) or is_long(case.body))
