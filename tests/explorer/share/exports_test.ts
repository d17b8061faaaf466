import assert from "node:assert/strict";
import fc from "fast-check";
import { distView } from "../../../lib/explorer/views/dist_rows.ts";
import {
  csvOf,
  csvOfDistribution,
  csvOfScores,
  csvOfVocabulary,
} from "../../../lib/explorer/share/exports/csv.ts";
import { createJsonFile, exportName } from "../../../lib/explorer/share/exports/file.ts";
import { replayHtml, writeJsonInScript } from "../../../lib/explorer/share/exports/replay/html.ts";
import { replayOf, settingsText } from "../../../lib/explorer/share/exports/replay/data.ts";
import { compactJson, curlOf, pythonOf, writePython } from "../../../lib/explorer/share/exports/request.ts";
import { barsSvg } from "../../../lib/explorer/share/exports/svg.ts";
import { token } from "../builders.ts";
import { DEFAULT_PARAMS } from "../../../lib/sampling/params.ts";
import { distOf, FIRST, sampleTree } from "../../gallery/exploration.ts";

const DATE = new Date(Date.UTC(2026, 2, 1, 14, 5));

/** Rows of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
    if (end === "") break;
  }
  return rows.slice(0, -1);
}

Deno.test("CSV holds every candidate of every step, and its texts come back exactly", () => {
  const [head, ...rows] = parseCsv(csvOf(sampleTree()));
  assert.ok(rows.every((row) => row.length === head!.length));
  const column = (row: string[], name: string) => row[head!.indexOf(name)]!;
  const first = rows.filter((row) => column(row, "path") === "Main" && column(row, "step") === "1");
  const texts = first.map((row) => column(row, "text")).filter((text) => text !== "");
  assert.deepEqual(texts, FIRST.tokens.map(({ text }) => text));
  assert.equal(first.length, FIRST.tokens.length + 1);
  const sum = first.reduce((total, row) => total + Number(column(row, "p_final")), 0);
  assert.ok(Math.abs(sum - 1) < 1e-12);
  assert.deepEqual(
    first.filter((row) => column(row, "is_chosen") === "true").map((row) => column(row, "id")),
    [
      String(FIRST.tokens[0]!.id),
    ],
  );
  const without = rows.filter((row) => column(row, "path") === "Branch C" && column(row, "step") === "2");
  assert.deepEqual(without.map((row) => column(row, "id")), [""]);
});

Deno.test("no cell of a CSV is a formula", () => {
  const odd = distOf({ "=1+1": 0.5, "@SUM": 0.2, "-2": 0.1, "+3": 0.1, ',"\n': 0.1 });
  const rows = parseCsv(csvOfDistribution(odd));
  assert.equal(rows.length, 1 + 5 + 1);
  assert.deepEqual(rows.flat().filter((cell) => /^[=+@]|^-[^\d.]/.test(cell)), []);
  const texts = rows.slice(1, -1).map((row) => row[rows[0]!.indexOf("text")]);
  assert.deepEqual(texts.toSorted(), ["'+3", "'-2", "'=1+1", "'@SUM", ',"\n'].toSorted());
});

Deno.test("the whole distribution and the scores of a text are tables too", () => {
  const [head, ...rows] = parseCsv(csvOfVocabulary(FIRST.tokens));
  assert.deepEqual(head!.slice(0, 4), ["rank", "id", "text", "p_final"]);
  assert.deepEqual(rows.map((row) => row[2]), FIRST.tokens.map(({ text }) => text));
  const scored = FIRST.tokens.slice(0, 3).map((each, at) =>
    at === 0
      ? token(each.id, each.text)
      : { ...each, p: 0.5, logprob: Math.log(0.5), rank: 0, surprisal_bits: 1, entropy_bits: 2 }
  );
  const [, first, second, third] = parseCsv(csvOfScores(scored, 2));
  assert.deepEqual(first!.slice(4), ["", "", "", "", ""], "nothing comes before the first");
  assert.deepEqual([second![1], second![4], second![6], second![7], second![8]], [
    "prompt",
    "0.5",
    "1",
    "1",
    "2",
  ]);
  assert.equal(third![1], "completion");
});

Deno.test("curl and Python say text and model in comments, and the same by text", async () => {
  const about = { text: "It's\nfine", model: "owner/name", byText: { prompt: "It's\nfine" } };
  const request = { origin: "http://h", path: "/api/preview", body: { prompt_ids: [1, 2] }, about };
  const command = curlOf(request);
  assert.match(command, /^# Text: "It's\\nfine"\n# Model: owner\/name\./);
  const script = `curl() { printf '%s\\0' "$@"; }\n`;
  const run = async (text: string) =>
    new TextDecoder().decode((await new Deno.Command("sh", { args: ["-c", script + text] }).output()).stdout);
  assert.deepEqual(JSON.parse((await run(command)).split("\0").at(-2)!), { prompt_ids: [1, 2] });
  const byText = command.split("# The same by text:\n")[1]!.replace(/^# ?/gm, "");
  assert.deepEqual(JSON.parse((await run(byText)).split("\0").at(-2)!), about.byText);
  const program = pythonOf(request);
  assert.match(program, /^# Text: "It's\\nfine"\n# Model: owner\/name/);
  assert.match(program, /^body = \{"prompt_ids": \[1, 2\]\}$/m);
  assert.match(program, /^# body = \{"prompt": "It's\\nfine"\}$/m);
});

Deno.test("file names tell day, time and text; JSON files hold the session", () => {
  const about = { text: "The Café is “open”/now… or not", date: DATE };
  assert.equal(
    exportName("csv", about),
    "next-token-2026-03-01-1405-the-cafe-is-open.csv",
  );
  assert.equal(exportName("html", { text: "海 ", date: DATE }), "next-token-2026-03-01-1405.html");
  const file = createJsonFile({ version: 2, nodes: [1] }, about);
  assert.deepEqual(JSON.parse(file.content), { version: 2, nodes: [1] });
  assert.equal(file.type, "application/json");
});

Deno.test("any text is one word of a shell in the curl command", async () => {
  const texts = ["it's", '$HOME `id` \\ "x"', "line\nbreak", "''", "🍕 ünï"];
  for (const text of texts) {
    const command = curlOf({
      origin: "http://127.0.0.1:8000",
      path: "/api/preview",
      body: { prompt: text },
      about: null,
    });
    const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    const words = new TextDecoder().decode(stdout).split("\0");
    assert.deepEqual(JSON.parse(words[words.indexOf("--data-raw") + 1]!), { prompt: text });
    assert.ok(words.includes("http://127.0.0.1:8000/api/preview"));
  }
});

Deno.test("the body of a curl command has lists of numbers on one line, and is the same JSON", () => {
  const ids = Array.from({ length: 100 }, (_, id) => id);
  assert.equal(
    compactJson({ ids, text: "[\n 1,\n 2\n]" }),
    `{\n  "ids": [${ids.join(", ")}],\n  "text": "[\\n 1,\\n 2\\n]"\n}`,
  );
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.equal(JSON.stringify(JSON.parse(compactJson(value))), JSON.stringify(value));
  }));
  assert.equal(writePython(ids), `[${ids.join(", ")}]`);
});

Deno.test("Python literals have Python's names and JSON's strings", () => {
  assert.equal(
    writePython({ a: null, b: [true, false], c: "x'\"\n" }),
    `{"a": None, "b": [True, False], "c": "x'\\"\\n"}`,
  );
  assert.equal(writePython([undefined, 1.5, -0.5]), "[None, 1.5, -0.5]");
  const program = pythonOf({ origin: "http://h", path: "/api/preview", body: { prompt: "a" }, about: null });
  assert.match(program, /^body = \{"prompt": "a"\}$/m);
  assert.match(program, /"http:\/\/h\/api\/preview",/);
});

Deno.test("JSON inside a script element cannot end it", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = writeJsonInScript([value, "</script><!--\u2028"]);
    assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify([value, "</script><!--\u2028"])));
  }));
});

Deno.test("a replay holds every path and step, and one script that no text can end", () => {
  const replay = replayOf(sampleTree(), { date: DATE });
  assert.deepEqual(replay.paths.map(({ name, steps }) => [name, steps.length]), [
    ["Main", 2],
    ["Quiet version", 10],
    ["Branch C", 6],
    ["Branch D", 6],
  ]);
  assert.equal(replay.paths[0]!.steps[0]!.bars.filter(({ chosen }) => chosen).length, 1);
  assert.equal(replay.paths[0]!.steps[0]!.facts, "65.1 % · rank 1 · uncertainty 1.8 bits · temperature 0.7");
  const html = replayHtml(replay, { nonce: "abcdefgh" });
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/script>/g)?.length, 2);
  assert.doesNotMatch(html, /\bimport\b|\bexport\b|https?:\/\/(?!www\.w3\.org\/2000\/svg)|style="/);
  assert.throws(() => replayHtml(replay, { nonce: '"><script>' }), RangeError);
  assert.equal(replayOf(sampleTree(), { date: DATE, only: [103] }).paths.length, 1);
});

Deno.test("a replay shows what could come behind the ends that the page knows", () => {
  const tree = sampleTree();
  const known = tree.branches[0]!.tip;
  const of = (tip: unknown) => tip === known ? distOf({ " a": 0.6, " b": 0.3 }, 1) : undefined;
  const { paths } = replayOf(tree, { date: DATE, next: { params: DEFAULT_PARAMS, of } });
  assert.deepEqual(
    paths.map(({ end }) => end?.bars.map(({ token: rendering, chosen }) => [rendering[1], chosen])),
    [
      [["space a", false], ["space b", false]],
      ...[undefined, undefined, undefined],
    ],
  );
  assert.match(paths[0]!.end!.facts, /^uncertainty .* bits · temperature 0\.7/);
});

Deno.test("settings in short name what is on", () => {
  assert.equal(settingsText({ ...DEFAULT_PARAMS, greedy: true }), "greedy");
  assert.equal(
    settingsText({ ...DEFAULT_PARAMS, seed: 7 }),
    "temperature 0.7, top-p 0.8, repetition 1.05, seed 7",
  );
});

Deno.test("the drawing of the bars escapes text and is as long as the probabilities", () => {
  const odd = distOf({ "<&>\u0007": 0.4, " two": 0.2, " cut": 0.1 }, 1);
  const view = distView(odd, { vocabulary: 100, expert: true });
  const options = { title: 'A "title" <b>', caption: "model", theme: "light", raw: true } as const;
  const svg = barsSvg(view, options);
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg, />&lt;&amp;&gt;</);
  assert.match(svg, />U\+0007</, "a control character by its code");
  assert.match(svg, /A &quot;title&quot; &lt;b&gt;/);
  const widths = [...svg.matchAll(/width="([\d.]+)" height="18" class="bar"/g)].map(([, width]) =>
    Number(width)
  );
  assert.equal(widths.length, 2);
  assert.ok(Math.abs(widths[0]! / widths[1]! - 2) < 0.01);
  assert.match(svg, /cut by top-p/);
  assert.notEqual(barsSvg(view, { ...options, theme: "dark" }), svg);
  assert.match(svg, />Raw model probability</);
  assert.doesNotMatch(svg, />Excluded</);
  assert.match(barsSvg(view, { ...options, removed: true }), />Excluded</);
  assert.match(barsSvg(view, { ...options, fonts: "@font-face{}" }), /<style>@font-face\{\}/);
  const title = "A long title that goes on and on. ".repeat(8).trim();
  const long = barsSvg(view, { ...options, title });
  const lines = [...long.matchAll(/class="title">([^<]+)</g)].map(([, line]) => line);
  assert.ok(lines.length > 3);
  assert.equal(lines.join(" "), title, "the whole title is there");
  const height = (text: string) => Number(/height="(\d+)"/.exec(text)![1]);
  assert.equal(height(long) - height(svg), (lines.length - 1) * 24, "the rows move down with it");
});
