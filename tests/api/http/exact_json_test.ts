import assert from "node:assert/strict";
import { withExactNumbers } from "../../../lib/api/http/exact_json.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { renderChatTemplate } from "../../../lib/sandbox/jinja/render.ts";

const read = (text: string) => withExactNumbers(JSON.parse(text), text);

Deno.test("numbers reach a template as Python reads them", () => {
  const text = `{"top_k": 1e1, "params": {"temperature": 1.0},
    "tools": [{"a": 1.0, "b": 1, "c": 9007199254740993, "d": 1e2, "e": 1.5, "f": -0.0, "g": -0, "h": 1e400}]}`;
  const { tools, top_k, params } = parseRequest(previewRequest, read(text));
  assert.deepEqual([top_k, params.temperature], [10, 1]);
  assert.equal(
    renderChatTemplate({ template: "{{ tools[0] }}", variables: structuredClone({ tools }) }),
    "{'a': 1.0, 'b': 1, 'c': 9007199254740993, 'd': 100.0, 'e': 1.5, 'f': -0.0, 'g': 0, 'h': inf}",
  );
});

Deno.test("what should be an object or a list is no number", () => {
  for (
    const body of [
      '{"tools":[1.0]}',
      '{"tools":[90071992547409930]}',
      '{"messages":[1.0]}',
      '{"documents":1.0}',
    ]
  ) {
    assert.throws(() => parseRequest(previewRequest, read(body)), /must be/, body);
  }
});

Deno.test("without such numbers a body is as it was", () => {
  const body = JSON.parse('{"messages":[{"role":"user","content":"a"}],"top_k":1.0}');
  assert.equal(withExactNumbers(body, "{}"), body);
});
