"""OpenAI's SDK for Python against a server. Usage: openai_sdk.py URL. Throws where something is not as it must be."""
import sys

import openai

client = openai.OpenAI(base_url=f"{sys.argv[1]}/v1", api_key="anything", max_retries=0)

[model] = client.models.list().data
whole = client.completions.create(
    model=model.id, prompt="The capital of France is", max_tokens=5, temperature=0, logprobs=2, echo=True, seed=1
)
choice = whole.choices[0]
assert choice.text.startswith("The capital of France is Paris"), choice.text
assert choice.logprobs.token_logprobs[0] is None
assert len(choice.logprobs.tokens) == whole.usage.prompt_tokens + whole.usage.completion_tokens
for token, value, tops in list(zip(choice.logprobs.tokens, choice.logprobs.token_logprobs, choice.logprobs.top_logprobs))[1:]:
    assert tops[token] == value

parts, usage = [], None
for chunk in client.completions.create(
    model=model.id, prompt="The capital of France is", max_tokens=5, temperature=0, stream=True,
    stream_options={"include_usage": True},
):
    parts += [one.text for one in chunk.choices]
    usage = chunk.usage or usage
assert "The capital of France is" + "".join(parts) == choice.text, parts
assert usage.completion_tokens == 5, usage

messages = [{"role": "user", "content": "Name a colour."}]
chat = client.chat.completions.create(
    model=model.id, messages=messages, max_tokens=4, temperature=0, logprobs=True, top_logprobs=3
)
assert len(chat.choices[0].logprobs.content) == 4
streamed = client.chat.completions.create(model=model.id, messages=messages, max_tokens=4, temperature=0, stream=True)
assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == chat.choices[0].message.content

with client.completions.create(model=model.id, prompt="Once", max_tokens=2000, stream=True) as stream:
    for _ in zip(range(3), stream):
        pass
# The stream is left: the server goes on for others at once.
client.completions.create(model=model.id, prompt="a", max_tokens=1)

try:
    client.completions.create(model=model.id, prompt="a", max_tokens=1, extra_body={"no_such_field": 1})
    raise SystemExit("an unknown field was taken")
except openai.BadRequestError as error:
    assert error.param == "no_such_field", error
print("ok")
