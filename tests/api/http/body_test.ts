import assert from "node:assert/strict";
import { BODY_LIMIT, readJson } from "../../../lib/api/http/body.ts";
import { MOST_NAMES } from "../../../lib/api/http/json_size.ts";
import { faultOf } from "../../../lib/fault.ts";

function request(
  body: BodyInit,
  headers: Record<string, string> = { "content-type": "application/json" },
): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

async function refusal(made: Request): Promise<string> {
  const error = await readJson(made).then(() => "read", (reason: Error) => reason);
  return error instanceof Error ? `${faultOf(error)?.code}: ${error.message}` : error;
}

/** Chunks of 64 kB without a length, and how many of them were taken. */
function endless(): { body: ReadableStream<Uint8Array<ArrayBuffer>>; taken: () => number } {
  let taken = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      taken++;
      controller.enqueue(new Uint8Array(65536).fill(32));
    },
  }, { highWaterMark: 0 });
  return { body, taken: () => taken };
}

Deno.test("JSON is read, with and without charset, byte order mark or suffix", async () => {
  const types = ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'];
  const more = ["application/problem+json", "application/json; odata=verbose", "application/json;"];
  for (const type of [...types, ...more]) {
    assert.deepEqual(await readJson(request('{"a":[1,"ä"]}', { "content-type": type })), { a: [1, "ä"] });
  }
  assert.equal(await readJson(request(Uint8Array.of(0xef, 0xbb, 0xbf, 0x37))), 7);
});

Deno.test("other types, and none, are refused with 415", async () => {
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "application/json; charset=utf-16",
    "application/json; a=b; charset=latin1",
  ];
  for (const type of types) {
    assert.match(
      await refusal(request("{}", { "content-type": type })),
      /^unsupported_media_type: Send JSON/,
    );
  }
  const bare = request(new TextEncoder().encode("{}"), {});
  assert.equal(bare.headers.get("content-type"), null);
  assert.match(await refusal(bare), /^unsupported_media_type/);
});

Deno.test("a compressed body is refused with 415, not read as text", async () => {
  const sent = (encoding: string) =>
    request("{}", { "content-type": "application/json", "content-encoding": encoding });
  assert.match(await refusal(sent("gzip")), /^unsupported_media_type: Send the body as it is/);
  assert.deepEqual(await readJson(sent("identity")), {});
});

Deno.test("a body of exactly the limit is read, one byte more is not", async () => {
  const fits = `"${"x".repeat(BODY_LIMIT - 2)}"`;
  assert.equal(await readJson(request(fits)), "x".repeat(BODY_LIMIT - 2));
  assert.equal(
    await refusal(request(fits + " ")),
    "body_too_large: The body must have at most 1048576 bytes.",
  );
});

Deno.test("a length over the limit is refused before a byte is read", async () => {
  const { body, taken } = endless();
  const made = request(body, { "content-type": "application/json", "content-length": "1048577" });
  assert.match(await refusal(made), /^body_too_large/);
  assert.equal(taken(), 0);
  await body.cancel();
});

Deno.test("an endless body is cut off at the limit, whatever its length claims", async () => {
  for (const length of [undefined, "10", "nonsense"]) {
    const { body, taken } = endless();
    const headers = { "content-type": "application/json", ...(length && { "content-length": length }) };
    assert.match(await refusal(request(body, headers)), /^body_too_large/);
    assert.ok(taken() <= BODY_LIMIT / 65536 + 2, `took ${taken()} chunks`);
  }
});

Deno.test("bad JSON is refused with its place, bad UTF-8 and a broken stream with the reason", async () => {
  assert.match(await refusal(request('{"a": 1,}')), /^invalid_request: .* not valid JSON: .*position 8/);
  assert.match(await refusal(request("{a: 1}")), /position 1/);
  assert.match(await refusal(request("")), /^invalid_request: .*Unexpected end/);
  assert.match(await refusal(request("NaN")), /^invalid_request/);
  assert.match(
    await refusal(request(Uint8Array.of(34, 0xff, 34))),
    /^invalid_request: The body is not valid UTF-8/,
  );
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: (c) => c.error(new Error("reset")) });
  assert.match(await refusal(request(broken)), /^invalid_request: The body ended before it was complete/);
});

Deno.test("a long body is read whole wherever its characters lie, and refused wherever they are none", async () => {
  for (let before = 0; before < 4; before++) {
    const text = "a".repeat(before) + "🦜é".repeat(60_000);
    assert.ok(await readJson(request(JSON.stringify(text))) === text, `behind ${before}`);
  }
  const bytes = new Uint8Array(200_000).fill(0x20);
  for (const [at, cut] of [[65_535, "in the middle"], [199_999, "at the end"]] as const) {
    assert.match(await refusal(request(bytes.with(at, 0xc3))), /is not valid UTF-8/, cut);
  }
});

Deno.test("nesting as deep as the limit allows neither hangs nor throws anything else", async () => {
  const depth = BODY_LIMIT / 2;
  assert.ok(Array.isArray(await readJson(request("[".repeat(depth) + "]".repeat(depth)))));
  assert.match(await refusal(request("[".repeat(depth))), /^invalid_request/);
  assert.match(await refusal(request('{"a":'.repeat(MOST_NAMES))), /^invalid_request/);
});

Deno.test("others have their turn between the parsing of a long body and what comes after", async () => {
  const { parse } = JSON;
  const turnsBehind = async (ids: number) => {
    let turned = false;
    JSON.parse = (text: string) => {
      setTimeout(() => turned = true);
      return parse(text);
    };
    try {
      await readJson(request(JSON.stringify(Array(ids).fill(1))));
    } finally {
      JSON.parse = parse;
    }
    return turned;
  };
  assert.equal(await turnsBehind(50_000), true);
  assert.equal(await turnsBehind(5), false);
});
