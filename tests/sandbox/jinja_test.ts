import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import { renderChatTemplate } from "../../lib/sandbox/jinja/render.ts";

interface Case {
  template: string;
  text?: string;
  error?: string;
  difference?: string;
}

const { variables, cases } = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/jinja.json", import.meta.url)),
) as { variables: Record<string, unknown>; cases: Case[] };

function outcome(
  template: string,
  more: Record<string, unknown> = variables,
): { text?: string; error?: string } {
  try {
    return { text: renderChatTemplate({ template, variables: more }) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function agrees({ template, text, error }: Case): boolean {
  const ours = outcome(template);
  return error === undefined ? ours.text === text : ours.error !== undefined;
}

Deno.test("renders as Jinja2 does, apart from the listed differences", () => {
  for (const one of cases) {
    if (one.difference === undefined && !agrees(one)) {
      assert.deepEqual(outcome(one.template), { text: one.text, error: one.error }, one.template);
    }
  }
});

Deno.test("every listed difference is still one", () => {
  const listed = cases.filter((one) => one.difference !== undefined);
  assert.ok(listed.length > 0);
  for (const one of listed) assert.ok(!agrees(one), `no difference any more: ${one.template}`);
});

Deno.test("a refusal is the template's own sentence, about the messages", () => {
  const job = { template: "{{ raise_exception('Roles must alternate') }}", variables: {} };
  assert.throws(() => renderChatTemplate(job), (error) => {
    assert.match(
      (error as Error).message,
      /^The chat template refuses these messages: Roles must alternate\.$/,
    );
    assert.deepEqual(faultOf(error), { code: "invalid_request", field: "messages" });
    return true;
  });
});

Deno.test("a template that can't be read says so", () => {
  assert.throws(() => renderChatTemplate({ template: "{% if %}", variables: {} }), (error) => {
    assert.match((error as Error).message, /^The chat template can't be read: .*\.$/);
    assert.equal(faultOf(error)?.code, "unsupported");
    return true;
  });
});

Deno.test("text in messages is never a template", () => {
  assert.equal(outcome("{{ m }}", { m: "{{ 1 + 1 }}{% if %}" }).text, "{{ 1 + 1 }}{% if %}");
});

Deno.test("a template can't reach JavaScript's prototypes", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    for (const value of ["'a'", "[1]", "{}", "messages", "namespace(a=1)", "1", "true"]) {
      assert.equal(
        outcome(`{{ ${value}.${name} is defined }}{{ ${value}['${name}'] is defined }}`).text,
        "FalseFalse",
      );
    }
    assert.match(outcome(`{{ 'a' | ${name} }}`).error ?? "", /No filter named/);
    assert.match(outcome(`{{ 'a' is ${name} }}`).error ?? "", /No test named/);
  }
});

Deno.test("a template can't fill the memory", () => {
  const doubling =
    "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}";
  assert.match(outcome(doubling).error ?? "", /more than \d+ characters/);
  assert.match(outcome("{{ 'x' * 1000000000 }}").error ?? "", /too often/);
  assert.match(outcome("{{ range(1000000) | length }}").error ?? "", /Range too big/);
});

Deno.test("writes dates in English", () => {
  const { text = "" } = outcome("{{ strftime_now('%d %b %Y') }}");
  assert.match(text, /^\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}$/);
});
