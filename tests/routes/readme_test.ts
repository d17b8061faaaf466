// README's examples of the API, as they stand there.
import assert from "node:assert/strict";
import { fakeStatus } from "../fakes.ts";
import { fakeApp } from "./fake_app.ts";

Deno.test("every request that README shows is one", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const shown = readme.matchAll(
    /^curl -sN? http:\/\/127\.0\.0\.1:5005(\/\S+) [^']*'content-type: application\/json' \\\n +-d '([^']*)'/gm,
  );
  const app = fakeApp({ status: fakeStatus.ready({ hasChatTemplate: true }) });
  let requests = 0;
  for (const [, path, body] of shown) {
    const headers = { "content-type": "application/json" };
    const response = await app.ask(path!, { method: "POST", headers, body: body! });
    const said = await response.text();
    // The fake model has few tokens.
    assert.ok(response.status === 200 || /vocabulary/.test(said), `${path} ${body}: ${said}`);
    requests++;
  }
  assert.equal(requests, readme.match(/^curl /gm)!.length);
});
