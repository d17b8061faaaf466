import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import { formatDate } from "../../lib/sandbox/jinja/python/dates.ts";
import { renderChatTemplate } from "../../lib/sandbox/jinja/render.ts";

interface Case {
  template: string;
  text?: string;
  error?: string;
}
interface DateCase {
  date: [number, number, number, number, number, number, number];
  directive: string;
  text: string;
}

const { variables, cases, dates } = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/jinja.json", import.meta.url)),
) as { variables: Record<string, unknown>; cases: Case[]; dates: DateCase[] };

/** What is refused by name where the reference renders something. */
const refused: Readonly<Record<string, RegExp>> = {
  "{{ '\\N{BULLET}' | length < 99 }}": /\\N\{…\} in a string is not supported/,
  "{{ 'x'.encode('utf-8') }}": /str\.encode is not supported here/,
};

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

Deno.test("renders as Jinja2 in Transformers' environment does", () => {
  assert.ok(cases.length > 450);
  for (const { template, text, error } of cases) {
    const ours = outcome(template);
    const sentence = refused[template];
    if (sentence !== undefined) assert.match(ours.error ?? "", sentence);
    else if (error === undefined) assert.deepEqual(ours, { text }, template);
    else assert.notEqual(ours.error, undefined, `${template} renders ${ours.text}; the reference: ${error}`);
  }
});

Deno.test("what is refused by name is among the cases", () => {
  const known = new Set(cases.map(({ template }) => template));
  assert.deepEqual(Object.keys(refused).filter((template) => !known.has(template)), []);
});

Deno.test("what Python writes as an address in memory is refused, with what may be missing", () => {
  for (
    const source of [
      "dict",
      "[1] | map('string')",
      "[[1] | reverse]",
      "{}.items",
      "raise_exception",
      "'a'.upper",
    ]
  ) {
    assert.match(
      outcome(`{{ ${source} }}`).error ?? "",
      /has no text \(is "\| list" or "\(\)" missing/,
      source,
    );
  }
});

Deno.test("dates are written as strftime writes them in the C locale", () => {
  for (const { date: [year, month, day, hour, minute, second, micro], directive, text } of dates) {
    const date = new Date(year, month - 1, day, hour, minute, second, micro / 1000);
    assert.equal(formatDate(date, directive), text, directive);
  }
  for (const unknown of ["%Q", "%", "%-"]) {
    assert.throws(() => formatDate(new Date(), unknown), /is no directive/);
  }
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
    assert.match(outcome(`{{ '&${name};' | striptags }}`).error ?? "", /striptags knows no &/);
  }
});

Deno.test("a template can't fill the memory", () => {
  const doubling =
    "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}";
  assert.match(outcome(doubling).error ?? "", /more than \d+ characters/);
  assert.match(outcome("{{ 'x' * 1000000000 }}").error ?? "", /makes a text of more than 4194304 characters/);
  assert.match(outcome("{{ range(1000000) | length }}").error ?? "", /Range too big/);
});

Deno.test("an int that is rounded to more places than it has is 0, without the power of ten", () => {
  const { text, error } = outcome(
    "{{ [(10 ** 4000) | round(-(10 ** 9)), 12345 | round(-5), 52345 | round(-5)] }}",
  );
  assert.equal(text ?? error, "[0, 0, 100000]");
  assert.equal(
    outcome("{{ [5 | round(-1), 6 | round(-1), 99 | round(-2), 4 | round(-2)] }}").text,
    "[0, 10, 100, 0]",
  );
});

Deno.test("an int is read from as many digits as Python reads, and at once from more", () => {
  const text = (template: string) => outcome(template).text;
  assert.equal(
    text("{{ [('1' * 4300) | int > 9, ('1' * 4301) | int, ('0' * 5000 ~ '5') | int] }}"),
    "[True, 0, 5]",
  );
  assert.equal(text("{{ ('0x' ~ 'f' * 4301) | int(base=16) > 9 }}"), "True");
  assert.equal(text("{{ ('1' * 1000000) | int(7) }}"), "7");
  assert.match(
    outcome("{{ ('f' * 1000000) | int(base=16) }}").error ?? "",
    /reads an integer of more than 20000/,
  );
});

Deno.test("tags are taken out as MarkupSafe 3.0.4 does, and what is not closed is looked for once", () => {
  const text = (template: string) => outcome(template).text;
  assert.equal(text("{{ 'a <b>c</b> <!-- <i> --> d < e' | striptags }}"), "a c d < e");
  assert.equal(text("{{ 'a <!-- b <i>c</i>' | striptags }}"), "a <!-- b <i>c</i>");
  assert.equal(text("{{ '<b title=\"<!-- x\"> --> y' | striptags }}"), "--> y");
  assert.equal(text("{{ ('a<' * 200000) | striptags | length }}"), "400000");
});

Deno.test("long texts and widths take no square of their length; the values are Python's", () => {
  const text = (template: string) => outcome(template).text;
  const words = "ΑΣ ΑΣΑ Σ Α'Σ Α'Σ'Α Σ'Α \u{10400}Σ Σ\u{10400} \u{1F600}Σ Α\u{E0001}Σ ΑΣ\u{E0001} ʰΣ";
  assert.equal(
    text(`{{ "${words}".title() }}|{{ "${words}".swapcase() }}`),
    "Ας Ασα Σ Α'Σ Α'Σ'Α Σ'Α \u{10400}ς Σ\u{10428} \u{1F600}Σ Α\u{E0001}Σ Ας\u{E0001} ʰσ|ας ασα σ α'ς α'σ'α σ'α \u{10428}ς σ\u{10428} \u{1F600}σ α\u{E0001}ς ας\u{E0001} ʰσ",
  );
  const formats = ["{:010,}", "{:09,}", "{:08,}"].map((format) => `'${format}'.format(1234)`);
  assert.equal(
    text(
      `{{ [${formats}, '{:,}'.format(123), '{:_x}'.format(16777200), '{:05,}'.format(-1), '{:01,}'.format(0)] }}`,
    ),
    "['00,001,234', '0,001,234', '0,001,234', '123', 'ff_fff0', '-0,001', '0']",
  );
  assert.equal(text("{{ '{:0100000,}'.format(1) | length }}"), "100001");
  assert.equal(
    text(String.raw`{{ ['\u00a0 7\n' | int, ' 1.5\t' | float, ('x' ~ ' ' * 1000000 ~ 'x') | int] }}`),
    "[7, 1.5, 0]",
  );
  assert.equal(
    text("{{ [('1' * 1000000 ~ 'x') | float, '1_0.5_0e1_0' | float, '1.' | float] }}"),
    "[0.0, 105000000000.0, 1.0]",
  );
  assert.equal(text("{{ ('Σ' * 300000).title() | length }}"), "300000");
});

Deno.test("writes dates in English", () => {
  const { text = "" } = outcome("{{ strftime_now('%d %b %Y') }}");
  assert.match(text, /^\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}$/);
});

Deno.test("a template that runs for ever stops itself: its Worker can't be interrupted", () => {
  const loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
  const mapped = "{% for a in range(99999) %}{{ range(99999) | map('string') | list | length }}{% endfor %}";
  const recursive =
    "{% macro m(n) %}{% for i in range(99) %}{{ m(n) if n < 9 }}{% endfor %}{% endmacro %}{{ m(1) }}";
  for (const template of [loops, mapped, recursive]) {
    assert.throws(
      () => renderChatTemplate({ template, variables: {} }, 50),
      /takes too long|works through more than|call stack/,
    );
  }
});

Deno.test("what a template works through together is bounded, not only each value", () => {
  const busy = "{% for i in range(99999) %}{% set x = ('x' * 4000000) | upper %}{% endfor %}";
  assert.match(outcome(busy).error ?? "", /works through more than \d+ characters and items/);
});

Deno.test("a value that holds others many times over is refused when it is made, before a step walks through it", () => {
  const shared = (use: string) =>
    "{% set ns = namespace(s=[], t=[]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}" +
    `{% set ns.t = {'a': ns.t, 'b': ns.t} %}{% endfor %}${use}`;
  const refused = /holds more than \d+ characters, of which each item counts 4/;
  for (
    const use of [
      "{{ ns.s }}",
      "{{ ns.s | tojson }}",
      "{{ ns.s == [ns.t] }}",
      "{{ ns.t }}",
      "{{ [ns.s] | sort }}",
    ]
  ) {
    assert.match(outcome(shared(use)).error ?? "", refused, use);
  }
  const long = "{% set x = 'a' * 3000000 %}";
  assert.match(outcome(`${long}{{ [x, x] }}`).error ?? "", refused);
  assert.match(
    outcome(`${long}{% set ns = namespace() %}{% set l = [ns, ns] %}{% set ns.x = x %}{{ l }}`).error ?? "",
    refused,
  );
  assert.equal(outcome("{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns.x | length }}").text, "1");
  assert.equal(outcome("{% set x = [1] * 1000 %}{{ [x, x, x] | length }}").text, "3");
});

Deno.test("rows that are filled up, and many rows and slices, are refused before they are made", () => {
  const refused = (made: string, sentence: RegExp) =>
    assert.match(outcome(`{{ ${made} | list | length }}`).error ?? "", sentence, made);
  const tooLong = /makes a list of more than 1048576 items/; // each counts as four of 4 Mi characters
  refused("[1] | batch(1000000000, 'x')", tooLong);
  refused("([1] * 1048577)", tooLong);
  refused("((1,) * 1048577)", tooLong);
  refused("([1] * 600000 + [1] * 600000)", tooLong);
  assert.equal(outcome("{{ ([1] * 1000000) | length }}").text, "1000000");
  for (const items of ["x | sort", "x | groupby('a')", "('b ' * 1500000).split()"]) {
    const template = `{% set x = 'a' * 2000000 %}{{ ${items} | first }}`;
    assert.match(outcome(template).error ?? "", tooLong, items);
  }
  for (const made of ["[1] | slice(1000000000)", "[1] | slice(300000)", "('x' * 300000) | batch(1)"]) {
    refused(made, /makes more than 262144 lists at once/);
  }
});

Deno.test("a template far longer than any that is known is not read", () => {
  const { error } = outcome("a{{ 1 }}".repeat(200_000));
  assert.match(error ?? "", /The chat template has 1600000 characters, more than the 1048576 that are read/);
});
