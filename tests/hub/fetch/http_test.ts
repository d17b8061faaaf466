import assert from "node:assert/strict";
import { faultOf } from "../../../lib/fault.ts";
import { cachePathsOf } from "../../../lib/hub/cache/cache.ts";
import { pullModel } from "../../../lib/hub/fetch/pull.ts";
import { readRepository } from "../../../lib/hub/fetch/repository.ts";
import { readRetryAfter } from "../../../lib/hub/fetch/retry.ts";
import { type HubSettings, isHub } from "../../../lib/hub/fetch/settings.ts";
import { COMMIT, fakeHub, type Mischief, type Seen } from "../fake_hub.ts";
import { CPU, quiet, settingsFor, smallRepository, WEIGHTS, withFolder, withHub } from "../support.ts";

const ID = "acme/tiny";

async function withSmallHub(work: Parameters<typeof withHub>[1]): Promise<void> {
  await withHub(await smallRepository(), work);
}

async function refusal(settings: HubSettings, id = ID, revision: string | null = null): Promise<string> {
  const work = pullModel(id, revision, CPU, settings, quiet());
  const error: Error = await work.then(() => assert.fail("it should have failed"), (reason) => reason);
  assert.equal(faultOf(error)?.code, "model_failed", String(error));
  assert.ok(!error.message.includes("secret"), "a token must never be shown");
  return error.message;
}

interface Case {
  readonly name: string;
  readonly mischief: Mischief;
  readonly token?: string;
  readonly sentence: RegExp;
}

const gated = { "x-error-code": "GatedRepo" };
const CASES: Case[] = [
  {
    name: "401 gated",
    mischief: { status: 401, headers: gated },
    sentence: /is gated: accept its terms .* set HF_TOKEN/,
  },
  {
    name: "403 gated, with a token",
    mischief: { status: 403, headers: gated },
    token: "secret",
    sentence: /account of HF_TOKEN has no access yet/,
  },
  {
    name: "401 with a bad token",
    mischief: { status: 401 },
    token: "secret",
    sentence: /that of HF_TOKEN, or of the token file, is wrong/,
  },
  {
    name: "401 without a token",
    mischief: { status: 401 },
    sentence: /no model acme\/tiny .* needs HF_TOKEN/,
  },
  {
    name: "401 that names the token, with another code",
    mischief: {
      status: 401,
      headers: {
        "x-error-code": "RepoNotFound",
        "x-error-message": "Invalid credentials in Authorization header",
      },
    },
    token: "secret",
    sentence: /refuses the token \(401\)/,
  },
  {
    name: "403 of what was disabled",
    mischief: { status: 403, headers: { "x-error-message": "Access to this resource is disabled." } },
    sentence: /^acme\/tiny has been disabled on 127/,
  },
  {
    name: "403 with the hub's reason",
    mischief: {
      status: 403,
      headers: { "x-error-message": "Please enable access to public gated repositories." },
    },
    token: "secret",
    sentence: /HF_TOKEN's account may not read it\. The hub says: Please enable access to public gated/,
  },
  { name: "403", mischief: { status: 403 }, sentence: /forbidden \(403\): set HF_TOKEN/ },
  {
    name: "404 of a revision",
    mischief: { status: 404, headers: { "x-error-code": "RevisionNotFound" } },
    sentence: /no revision main/,
  },
  { name: "418", mischief: { status: 418 }, sentence: /answered 418/ },
];
for (const { name, mischief, token, sentence } of CASES) {
  Deno.test(`${name}: one request and a sentence that says what to do`, () =>
    withSmallHub(async (hub, settings) => {
      hub.mischief = () => mischief;
      assert.match(await refusal({ ...settings, token: token ?? null }), sentence);
      assert.equal(hub.seen.length, 1);
    }));
  Deno.test(`${name}, for the weights alone`, () =>
    withSmallHub(async (hub, settings) => {
      hub.mischief = ({ path }) => path.endsWith(WEIGHTS) ? mischief : null;
      const told = await refusal({ ...settings, token: token ?? null });
      if (!told.includes("no revision")) {
        assert.ok(told.includes(ID) || told.includes(WEIGHTS) || /HF_TOKEN/.test(told));
      }
      assert.equal(hub.seen.filter(({ path }) => path.endsWith(WEIGHTS)).length, 1);
    }));
}

Deno.test("an unknown model: 404, with the id in the sentence", () =>
  withSmallHub(async (_, settings) => {
    assert.match(await refusal(settings, "acme/other"), /no model acme\/other on 127\.0\.0\.1:\d+ \(404\)/);
  }));

Deno.test("429 and 500 pass: Retry-After is waited for, and the pull goes on", () =>
  withSmallHub(async (hub, settings) => {
    const bad: Mischief[] = [{ status: 429, headers: { "retry-after": "0.05" } }, { status: 503 }];
    hub.mischief = (seen) =>
      seen.path.endsWith("/main") || seen.path.endsWith(WEIGHTS) ? bad.shift() ?? null : null;
    await pullModel(ID, null, CPU, settings, quiet());
    assert.equal(bad.length, 0);
  }));

Deno.test("429 and 500 that do not pass: given up after the attempts, with a sentence", () =>
  withSmallHub(async (hub, settings) => {
    hub.mischief = () => ({ status: 500 });
    assert.match(await refusal(settings), /has trouble \(status 500\): try again later/);
    assert.equal(hub.seen.length, settings.limits.attempts);
    hub.mischief = () => ({ status: 429, headers: { "retry-after": "86400" } });
    assert.match(await refusal(settings), /too many requests .* try again in 86400 s/);
    assert.equal(hub.seen.length, settings.limits.attempts + 1);
  }));

Deno.test("Retry-After: seconds, a date, nonsense", () => {
  const header = (value: string) => new Headers({ "retry-after": value });
  assert.equal(readRetryAfter(header("3"), 0), 3000);
  assert.equal(readRetryAfter(header("Thu, 01 Jan 1970 00:00:10 GMT"), 4000), 6000);
  const dated = new Headers({
    "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT",
    date: "Thu, 01 Jan 1970 00:00:07 GMT",
  });
  for (const hour of [-3_600_000, 3_600_000]) {
    assert.equal(readRetryAfter(dated, hour), 3000, "our clock is wrong");
  }
  assert.equal(readRetryAfter(header("soon"), 0), null);
  assert.equal(readRetryAfter(header(""), 0), null);
  assert.equal(readRetryAfter(new Headers(), 0), null);
});

Deno.test("a rate limit that is used up says when it begins anew, whatever Retry-After says", () => {
  const headers = (ratelimit: string) => new Headers({ ratelimit, "retry-after": "3" });
  assert.equal(readRetryAfter(headers('"api";r=0;t=55'), 0), 55_000);
  assert.equal(readRetryAfter(headers('"api"; r = 12; t = 55'), 0), 3000);
});

Deno.test("where a token may go: the endpoint, and from a mirror the public hub", () => {
  const goes = (url: string, endpoint: string) => isHub(new URL(url), { endpoint });
  const mirror = "http://mirror.example:8080/hub";
  assert.ok(goes("http://mirror.example:8080/else", mirror));
  assert.ok(goes("https://huggingface.co/acme/tiny", mirror) && goes("https://hf.co/x", mirror));
  for (
    const other of [
      "http://mirror.example/",
      "https://mirror.example:8080/",
      "http://huggingface.co/",
      "https://cdn.huggingface.co/",
      "https://huggingface.co.evil.example/",
    ]
  ) {
    assert.ok(!goes(other, mirror), other);
  }
});

Deno.test("answers that are no hub's: a sentence, nothing on the disk", () =>
  withSmallHub(async (hub, settings) => {
    const bodies: [RegExp, string][] = [[/no JSON/, "<html>"], [/no commit/, '{"sha":"../../x"}'], [
      /no commit/,
      "[]",
    ]];
    for (const [sentence, body] of bodies) {
      const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => new Response(body));
      const told = await refusal({ ...settings, endpoint: `http://127.0.0.1:${server.addr.port}` });
      assert.match(told, sentence);
      await server.shutdown();
    }
    assert.deepEqual([...Deno.readDirSync(settings.cacheFolder)], []);
    assert.equal(hub.seen.length, 0);
  }));

Deno.test("checksums and paths that would leave the cache are left out of the listing", () =>
  withFolder(async (cache) => {
    const evil = [
      { type: "file", path: "config.json", oid: "../../../evil", size: 2 },
      { type: "file", path: "onnx/../../evil.onnx", oid: "a".repeat(40), size: 2 },
      { type: "file", path: "onnx/model.onnx", oid: "a".repeat(40), size: -2 },
    ];
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      return Response.json(request.url.includes("/tree/") ? evil : { sha: COMMIT });
    });
    const told = await refusal(settingsFor(`http://127.0.0.1:${server.addr.port}`, cache));
    assert.match(told, /has no onnx\/model\.onnx/);
    assert.deepEqual([...Deno.readDirSync(cache)], []);
    await server.shutdown();
  }));

Deno.test("a listing of several pages is read to its end", () =>
  withFolder(async (cache) => {
    const entry = (path: string) => ({ type: "file", path, oid: "a".repeat(40), size: 2 });
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      const url = new URL(request.url);
      if (!url.pathname.includes("/tree/")) return Response.json({ sha: COMMIT });
      if (url.searchParams.has("cursor")) return Response.json([entry("onnx/model_q4.onnx")]);
      return Response.json([entry("config.json")], {
        headers: { link: `<${url.href}&cursor=2>; rel="next"` },
      });
    });
    const settings = settingsFor(`http://127.0.0.1:${server.addr.port}`, cache);
    const { files } = await readRepository(ID, null, settings, new AbortController().signal);
    assert.deepEqual(files.map((file) => file.path), ["config.json", "onnx/model_q4.onnx"]);
    await server.shutdown();
  }));

Deno.test("a listing without end is no hub's", () =>
  withFolder(async (cache) => {
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      if (!request.url.includes("/tree/")) return Response.json({ sha: COMMIT });
      return Response.json([], { headers: { link: `<${request.url}>; rel="next"` } });
    });
    const settings = settingsFor(`http://127.0.0.1:${server.addr.port}`, cache);
    assert.match(await refusal(settings), /does not answer as a hub does: a file list without end/);
    await server.shutdown();
  }));

Deno.test("redirects: the token goes to the hub alone, whatever host the bytes come from", () =>
  withSmallHub(async (hub, settings) => {
    const repositories = await smallRepository();
    const store = await fakeHub(repositories);
    try {
      hub.mischief = ({ path }: Seen) => {
        if (!path.includes("/resolve/")) return null;
        // Small files stay on the hub by way of a relative redirect, the weights come from elsewhere.
        if (path.includes("/onnx/")) return { status: 302, headers: { location: store.url + path } };
        return path.includes("/resolve/cache/") ? null : {
          status: 307,
          headers: { location: path.replace(`/resolve/${COMMIT}/`, "/resolve/cache/") },
        };
      };
      await pullModel(ID, null, CPU, { ...settings, token: "secret" }, quiet());
      assert.equal(store.seen.length, 2);
      assert.ok(store.seen.every((seen) => seen.authorization === null));
      assert.ok(hub.seen.every((seen) => seen.authorization === "Bearer secret"));
      assert.ok(hub.seen.some((seen) => seen.path.includes("/resolve/cache/config.json")));
    } finally {
      await store.close();
    }
  }));

Deno.test("redirects without end, or to what is no web address", () =>
  withSmallHub(async (hub, settings) => {
    for (
      const location of ["/api/models/acme/tiny/revision/main", "file:///etc/passwd", "data:text/plain,x"]
    ) {
      hub.mischief = () => ({ status: 302, headers: { location } });
      assert.match(await refusal(settings), /redirects without end or to an address that is none/);
    }
  }));

Deno.test("a revision is asked for by name, and kept as a ref", () =>
  withSmallHub(async (hub, settings) => {
    const pulled = await pullModel(ID, "refs/pr/7", CPU, settings, quiet());
    assert.ok(hub.seen.some((seen) => seen.url.endsWith("/revision/refs%2Fpr%2F7")));
    assert.equal(await Deno.readTextFile(cachePathsOf(settings.cacheFolder, ID).ref("refs/pr/7")), COMMIT);
    assert.equal(pulled.repository.revision, "refs/pr/7");
    const again = await pullModel(ID, COMMIT, CPU, settings, quiet());
    assert.equal(again.folder, pulled.folder);
  }));

Deno.test("nobody listens: a sentence about being offline", () =>
  withFolder(async (cache) => {
    const told = await refusal(settingsFor("http://127.0.0.1:1", cache));
    assert.match(told, /127\.0\.0\.1:1 cannot be reached .* still load/);
  }));

Deno.test("HF_HUB_OFFLINE: no request, a sentence", () =>
  withSmallHub(async (hub, settings) => {
    assert.match(await refusal({ ...settings, offline: true }), /not in the cache, and HF_HUB_OFFLINE/);
    assert.equal(hub.seen.length, 0);
  }));
