// The researcher's two models: two files of one model are loaded one after the other in the page, read the same text,
// and every number of their comparison is held against one that is calculated here from the API's answers.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserSuite, settled } from "./browser.ts";
import { realEngine } from "./real_engine.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();
const { real } = realEngine("tiny-qwen3", { variant: "fp32" });

const CONTEXT = "The cat sat";
const TEXT = " on the mat";
const VOCABULARY = 376;

interface Row {
  readonly logprob: number;
  /** Of the whole vocabulary, before the token. */
  readonly logprobs: ReadonlyMap<number, number>;
}

/** What the model that is loaded thinks of each token of the text, by the API alone. */
async function readByHand(url: string): Promise<Row[]> {
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200, await response.clone().text());
    return await response.json();
  };
  const idsOf = async (text: string): Promise<number[]> =>
    (await post("/api/tokenize", { text })).tokens.map(({ id }: { id: number }) => id);
  const [before, ids] = await Promise.all([idsOf(CONTEXT), idsOf(TEXT)]);
  return await Promise.all(ids.map(async (id, at) => {
    const body = { ids: [...before, ...ids.slice(0, at)], temperature: 1, top_k: VOCABULARY };
    const { candidates } = await post("/api/next-token", body);
    const logprobs = new Map<number, number>(
      candidates.map(({ id, logprob }: { id: number; logprob: number }) => [id, logprob]),
    );
    assert.equal(logprobs.size, VOCABULARY);
    return { logprob: logprobs.get(id)!, logprobs };
  }));
}

/** KL(a ‖ b) in bits over the whole vocabulary. */
function divergence(a: Row, b: Row): number {
  return [...a.logprobs].reduce(
    (sum, [id, logprob]) => sum + Math.exp(logprob) * (logprob - b.logprobs.get(id)!) / Math.LN2,
    0,
  );
}

async function read(page: Page): Promise<void> {
  await page.getByLabel("Prompt", { exact: true }).last().fill(CONTEXT);
  await page.getByLabel("Text that is read behind it").fill(TEXT);
  await page.getByRole("button", { name: "Read it" }).click();
}

browserTest(
  "two files of one model side by side: differences and divergences are those of the API",
  { real },
  async (t) => {
    const { page, server } = t;
    await settled(page);
    await expert(page);
    await page.getByRole("tab", { name: /Study/ }).click();
    const a = await readByHand(server.url);
    await read(page);
    await page.getByText(/One reading by tiny-qwen3 fp32 is kept/).waitFor();

    await page.locator("#model-button").click();
    await page.getByRole("button", { name: "Files of tiny-qwen3", exact: true }).click();
    await page.getByRole("button", { name: "Load tiny-qwen3 as q4" }).click();
    await page.locator(".model-meta").getByText("4-bit").waitFor();
    await page.keyboard.press("Escape");
    const b = await readByHand(server.url);
    await read(page);
    const table = page.getByRole("group", { name: "Both readings, token by token" });
    await table.waitFor();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).first().click(),
    ]);
    const lines = (await Deno.readTextFile(await download.path())).trim().split("\r\n").slice(1);
    const found = lines.map((line) => line.split(",").slice(-4).map(Number));
    assert.equal(found.length, a.length);
    found.forEach(([logprobA, logprobB, difference, kl], at) => {
      const close = (value: number, wanted: number) =>
        assert.ok(Math.abs(value - wanted) < 1e-4, `${value} ${wanted}`);
      close(logprobA!, a[at]!.logprob);
      close(logprobB!, b[at]!.logprob);
      close(difference!, a[at]!.logprob - b[at]!.logprob);
      const exact = divergence(a[at]!, b[at]!);
      assert.ok(kl! >= 0 && kl! <= exact + 1e-6, `${kl} bits from below, ${exact} exactly`);
    });
    assert.ok(found.some(([, , , kl]) => kl! > 0), "the files differ");
    const sum = a.reduce((all, { logprob }, at) => all + logprob - b[at]!.logprob, 0);
    const said = await page.locator(".study-total").last().innerText();
    assert.equal(said.split(" ")[3], `${sum < 0 ? "−" : "+"}${Math.abs(sum).toFixed(2)}`, said);
  },
);
