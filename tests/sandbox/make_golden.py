"""Makes tests/fixtures/jinja.json and chat_templates.json with the reference: Jinja2 3.1 inside Transformers' own
template compiler.

    pip install jinja2 transformers
    python tests/sandbox/make_golden.py [FILE ...]

Renders every template of the fixture anew, and those of the FILEs besides: text files with lines of "=====" between
templates. A template that fails is a case too: "error" is the reference's sentence (the test asks for a refusal).
"""
import datetime
import importlib.metadata
import json
import pathlib
import sys

from transformers.utils import chat_template_utils

FIXTURE = pathlib.Path(__file__).parent.parent / "fixtures" / "jinja.json"
DATES = [(2026, 11, 28, 6, 5, 9, 7000), (2024, 2, 29, 23, 59, 59, 0), (2021, 1, 3, 0, 0, 0, 0), (2020, 12, 31, 12, 30, 1, 0)]
DIRECTIVES = "%a %A %b %B %c %C %d %D %e %f %F %g %G %h %H %I %j %k %l %m %M %p %P %r %R %S %T %u %U %V %w %W %x %X %y %Y %z %Z %% %-d %-m %-I %_d %^a %^B %#p %-H %-j %5Y %3d %Ey %Od"


def rendered(template, variables):
    try:
        compiled = chat_template_utils._compile_jinja_template(template)
        return {"template": template, "text": compiled.render(**variables)}
    except Exception as error:  # whatever a template may do wrong
        return {"template": template, "error": f"{type(error).__name__}: {error}"}


def main():
    golden = json.loads(FIXTURE.read_text())
    templates = [case["template"] for case in golden["cases"]]
    for name in sys.argv[1:]:
        text = pathlib.Path(name).read_bytes().decode()
        templates += [part for part in text.split("\n=====\n")]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("jinja2", "transformers")]
    golden["about"] = f"Made by tests/sandbox/make_golden.py with {' and '.join(versions)}."
    cases = [rendered(template, golden["variables"]) for template in dict.fromkeys(templates)]
    golden["cases"] = [case for case in cases if " at 0x" not in case.get("text", "")]  # an address in memory
    golden["dates"] = [
        {"date": date, "directive": one, "text": datetime.datetime(*date).strftime(one)}
        for date in DATES for one in DIRECTIVES.split(" ")
    ]
    FIXTURE.write_text(json.dumps(golden, ensure_ascii=False, indent=0) + "\n")


def chats():
    """Every template of chat_templates/ over every conversation of chat_conversations.json."""
    folder = FIXTURE.parent
    conversations = json.loads((folder / "chat_conversations.json").read_text())
    cases = []
    for path in sorted((folder / "chat_templates").glob("*.jinja")):
        for at, conversation in enumerate(conversations):
            for prompted in (True, False):
                case = {"template": path.stem, "conversation": at, "add_generation_prompt": prompted}
                try:
                    texts, _ = chat_template_utils.render_jinja_template(
                        conversations=[chat_template_utils._normalize_chat_messages(conversation["messages"])],
                        tools=conversation.get("tools"),
                        documents=conversation.get("documents"),
                        chat_template=path.read_text(),
                        add_generation_prompt=prompted,
                        **{"bos_token": "<s>", "eos_token": "</s>", **conversation.get("kwargs", {})},
                    )
                    cases.append({**case, "text": texts[0]})
                except Exception as error:
                    cases.append({**case, "error": str(error)})
    (folder / "chat_templates.json").write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")


main()
chats()
