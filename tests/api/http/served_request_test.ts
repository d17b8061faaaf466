import assert from "node:assert/strict";
import { headerNamesOf, incomingOf } from "../../../lib/api/http/served_request.ts";

Deno.test("the headers of a request have the same names with Node's request behind it and without", () => {
  const request = new Request("http://localhost", { headers: { Via: "1.1 a", "X-Forwarded-Odd": "b" } });
  assert.equal(incomingOf(request), undefined);
  const names = ["via", "x-forwarded-odd"];
  assert.deepEqual(headerNamesOf(request).sort(), names);
  const req = { headers: { via: "1.1 a", "x-forwarded-odd": "b" } };
  const served = Object.assign(new Request("http://localhost"), { runtime: { node: { req } } });
  assert.deepEqual(headerNamesOf(served).sort(), names);
});
