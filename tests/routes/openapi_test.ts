import assert from "node:assert/strict";
import { STATUS_OF } from "../../lib/api/http/errors.ts";
import type { ModelInfo } from "../../lib/protocol/model_info.ts";
import { fakeStatus } from "../fakes.ts";
import { API_PATHS, fakeApp } from "./fake_app.ts";

// deno-lint-ignore no-explicit-any -- a document of any shape is what is under test
type Json = any;

async function fetchDocument(): Promise<Json> {
  const response = await fakeApp().ask("/api/openapi.json");
  assert.equal(response.status, 200);
  return await response.json();
}

/** Every object in a JSON value. */
function* objects(value: Json): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value;
  for (const child of Object.values(value)) yield* objects(child);
}

Deno.test("the document is OpenAPI 3.1 in structure", async () => {
  const document = await fetchDocument();
  assert.match(document.openapi, /^3\.1\.\d+$/);
  assert.equal(typeof document.info.title, "string");
  assert.equal(typeof document.info.version, "string");
  const ids = new Set<string>();
  for (const [path, item] of Object.entries<Json>(document.paths)) {
    assert.match(path, /^\/(api|v1)\/|^\/[\w-]+$/);
    for (const [method, operation] of Object.entries<Json>(item)) {
      assert.ok(["get", "post", "put", "delete"].includes(method), method);
      assert.ok(!ids.has(operation.operationId) && ids.add(operation.operationId));
      assert.equal(typeof operation.responses["200"].description, "string");
      for (const [status, response] of Object.entries<Json>(operation.responses)) {
        assert.match(status, /^[1-5]\d\d$/);
        assert.equal(typeof response.description, "string", `${path} ${status}`);
        for (const media of Object.values<Json>(response.content)) {
          assert.equal(typeof media.schema, "object");
        }
      }
    }
  }
});

Deno.test("it has every route of the API, and no other", async () => {
  const document = await fetchDocument();
  assert.deepEqual(Object.keys(document.paths).sort(), API_PATHS);
});

Deno.test("every reference leads somewhere, and no schema carries a key that OpenAPI does not know there", async () => {
  const document = await fetchDocument();
  let references = 0;
  for (const object of objects(document)) {
    assert.equal(object.$schema, undefined);
    assert.equal(object.$id, undefined);
    if (object.$ref === undefined) continue;
    references++;
    const [, name] = /^#\/components\/schemas\/(\w+)$/.exec(object.$ref)!;
    assert.equal(typeof document.components.schemas[name!], "object", object.$ref);
  }
  assert.ok(references > 10);
});

Deno.test("the request's schema has its fields, limits and defaults; none is required", async () => {
  const { NextTokenRequest: request } = (await fetchDocument()).components.schemas;
  assert.deepEqual(Object.keys(request.properties).sort(), [
    "ids",
    "model_key",
    "temperature",
    "text",
    "top_k",
  ]);
  const { temperature, top_k } = request.properties;
  assert.deepEqual([temperature.minimum, temperature.maximum, temperature.default], [0, 2, 0.7]);
  assert.deepEqual([top_k.type, top_k.minimum, top_k.default], ["integer", 1, 10]);
  assert.equal(request.required, undefined);
  assert.match(JSON.stringify(request.properties.ids), /"items":\{"type":"integer","minimum":0,/);
});

Deno.test("every field that may be left out says what it is then", async () => {
  const { schemas } = (await fetchDocument()).components;
  for (const name of ["NextTokenRequest", "GenerateRequest", "VocabularyRequest"]) {
    const { properties } = schemas[name];
    for (
      const [field, schema] of Object.entries<object>({ ...properties, ...properties.params?.properties })
    ) {
      assert.ok("default" in schema, `${name} ${field}`);
    }
  }
});

/** Of which every key is read: by the chat template, by whoever answers a question, or by token id. */
const OPEN = ["messages", "tools", "documents", "chat_template_kwargs", "questions", "state", "logit_bias"];

/** Objects of a request's schema that say which fields they have, by path; open ones are left out. */
function* closedObjects(schema: Json, path: string): Generator<[path: string, schema: Json]> {
  if (typeof schema !== "object" || schema === null) return;
  if (schema.type === "object" && schema.properties !== undefined) yield [path, schema];
  for (const [name, field] of Object.entries<Json>(schema.properties ?? {})) {
    if (!OPEN.includes(name)) yield* closedObjects(field, `${path}.${name}`);
  }
  for (const part of schema.anyOf ?? []) yield* closedObjects(part, path);
  if (schema.items !== undefined) yield* closedObjects(schema.items, `${path}[]`);
}

Deno.test("every request says that it has no other fields, and refuses one by name", async () => {
  const { paths, components: { schemas } } = await fetchDocument();
  const app = fakeApp();
  let requests = 0;
  for (const [path, { post }] of Object.entries<Json>(paths)) {
    if (post === undefined) continue;
    const [, name] = /(\w+)$/.exec(post.requestBody.content["application/json"].schema.$ref)!;
    for (const [at, schema] of closedObjects(schemas[name!], name!)) {
      assert.equal(schema.additionalProperties, false, at);
    }
    const response = await app.post(path, { messages: [], prompt: "a", text: "a", unheard: 1 });
    assert.equal(response.status, 400, path);
    assert.match(await response.text(), /There is no field \\"\w+\\" here/, path);
    requests++;
  }
  assert.equal(requests, 18);
});

Deno.test("an endpoint's errors name the codes of their status", async () => {
  const { responses } = (await fetchDocument()).paths["/api/next-token"].post;
  for (
    const code of [
      "invalid_request",
      "context_too_long",
      "queue_full",
      "client_gone",
      "model_loading",
      "model_failed",
    ] as const
  ) {
    assert.match(responses[STATUS_OF[code]].description, new RegExp(`\\b${code}\\b`));
  }
});

Deno.test("the names of chat templates are those of the model that serves", async () => {
  const schemaOf = async (info: Partial<ModelInfo>) => {
    const response = await fakeApp({ status: fakeStatus.ready(info) }).ask("/api/openapi.json");
    return (await response.json()).components.schemas.PreviewRequest.properties.chat_template;
  };
  assert.deepEqual((await schemaOf({ chatTemplates: ["default", "rag"] })).enum, ["default", "rag", null]);
  assert.deepEqual((await schemaOf({})).enum, [null]);
});

Deno.test("a name that no chat template has is refused, also where none is used", async () => {
  const app = fakeApp({ status: fakeStatus.ready({ chatTemplates: ["default"] }) });
  const plain = { prompt: "Hello", use_chat_template: false, chat_template: "AAA" };
  const requests: [path: string, body: object][] = [
    ["/api/preview", plain],
    ["/api/generate", plain],
    ["/tokenize", { messages: [{ role: "user", content: "a" }], chat_template: "AAA" }],
  ];
  for (const [path, body] of requests) {
    const response = await app.post(path, body);
    assert.equal(response.status, 400, path);
    assert.match(await response.text(), /no chat template called .*AAA.*, only .*default/);
  }
  assert.equal((await app.post("/api/preview", { ...plain, chat_template: "default" })).status, 200);
});
