import assert from "node:assert/strict";
import { composeEngineName } from "../../../lib/explorer/models/engine_name.ts";
import { readLoadableId } from "../../../lib/explorer/models/words.ts";
import { parseRemoteName } from "../../../lib/hub/remote_name.ts";

const draft = { kind: "llamacpp", url: "", tokenizer: "" } as const;

Deno.test("what the form asks for is a name that the server takes apart into the same", () => {
  const { name, hint } = composeEngineName({
    kind: "openai",
    url: " https://gpu.example:8000/v1 ",
    tokenizer: " Qwen/Qwen3-32B ",
  });
  assert.equal(hint, "");
  assert.equal(readLoadableId(name), name);
  assert.deepEqual(parseRemoteName(name), {
    kind: "openai",
    url: "https://gpu.example:8000",
    model: "Qwen/Qwen3-32B",
  });
  const local =
    composeEngineName({ ...draft, url: "http://127.0.0.1:8080", tokenizer: "my models/tiny" }).name;
  assert.equal(parseRemoteName(local)!.model, "my models/tiny");
  assert.deepEqual(composeEngineName({ ...draft, url: "http://h" }), { name: "llamacpp+http://h", hint: "" });
});

Deno.test("what is no address of an engine is a sentence, and nothing can be loaded", () => {
  const hints = ["", "h:8080", "http://", "http://u:p@h", "http://h?key=1"].map((url) =>
    composeEngineName({ ...draft, url })
  );
  assert.deepEqual(hints.map(({ name }) => name), ["", "", "", "", ""]);
  assert.equal(hints[0]!.hint, "");
  for (
    const [at, part] of [[1, /begins with http/], [2, /no address/], [3, /NEXTTOKEN_REMOTE_KEY/], [
      4,
      /ends before/,
    ]] as const
  ) {
    assert.match(hints[at]!.hint, part);
  }
  assert.equal(readLoadableId("llamacpp+ftp://h"), null);
});
