// An engine behind the page that goes away in the middle of Play and comes back: a real llama.cpp server, and a fake
// one where Python lacks it.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { createEngine } from "../../lib/engine/engine.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { hubSettingsOf } from "../../lib/hub/fetch/settings.ts";
import { createModelLists } from "../../lib/hub/model_lists.ts";
import {
  hasLlamaServer,
  type LlamaServer,
  NO_LLAMA_SERVER,
  startLlamaServer,
} from "../clients/llamacpp_server.ts";
import { specFor } from "../engine/spec.ts";
import { untilReady } from "../engine/until_ready.ts";
import { spawnTestWorker } from "../built_worker.ts";
import { answersOf } from "./asked.ts";
import { assertAccessible, browserSuite, counted, settled, stripTokens } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";
const EXPECTED = /status of 500/;
const MINUTE = 60_000;
const TOKENS = 8; // of Play
const SEED = "3"; // of its draws: without one, three texts in a hundred end within those
const browserTest = browserSuite();
const there = await hasLlamaServer();
if (!there) console.warn(NO_LLAMA_SERVER);

const speed = (page: Page, notch: "slow" | "full") =>
  page.getByLabel("Speed of Play").fill(notch === "full" ? "9" : "1");

/** Play of `tokens`, slowly: at full speed all of them may be there before anything can happen to the engine. */
async function playOf(page: Page, tokens: number): Promise<void> {
  await expert(page);
  await page.getByLabel("Seed").fill(SEED);
  await speed(page, "slow");
  await page.getByLabel("At most").fill(String(tokens));
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Play", exact: true }).click();
}

const written = (page: Page, count: number) =>
  page.waitForFunction(
    (count) => document.querySelectorAll("#strip .tok.appended").length >= count,
    count,
    { timeout: 3 * MINUTE },
  );

/** The sentence stands there while it is away, Play stays on, and all of its tokens come once it is back. */
async function playThrough(
  page: Page,
  tokens: number,
  go: { away(): Promise<void>; back(): Promise<void> },
): Promise<void> {
  await playOf(page, tokens);
  await written(page, 3);
  await go.away();
  const sentence = page.getByRole("alert").filter({ hasText: "The page goes on by itself." });
  await sentence.waitFor({ timeout: 3 * MINUTE });
  const before = await stripTokens(page);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.waitForTimeout(2500); // it was asked again meanwhile: nothing flickers, nothing is made up
  assert.ok(await sentence.isVisible());
  assert.deepEqual(await stripTokens(page), before);
  await assertAccessible(page, "engine away");
  await go.back();
  await speed(page, "full");
  await written(page, tokens);
  await page.getByRole("button", { name: "Play", exact: true, pressed: false }).waitFor({
    timeout: 3 * MINUTE,
  });
  await settled(page);
  const after = await stripTokens(page);
  assert.deepEqual(after.slice(0, before.length), before);
  assert.equal(after.length - before.length, tokens - await appendedIn(page, before.length));
}

/** How many of the first `count` tokens of the strip were appended. */
const appendedIn = (page: Page, count: number) =>
  page.locator("#strip .tok").evaluateAll(
    (tokens, count) => tokens.slice(0, count).filter((token) => token.classList.contains("appended")).length,
    count,
  );

/** A step, a branch, the scores of the prompt and an export, behind so many tokens of Play. */
async function explore(page: Page, played: number): Promise<void> {
  const prompt = (await stripTokens(page)).length - played;
  await page.keyboard.press("2"); // a click
  await counted(page, `${prompt} prompt + ${played + 1} new`);
  await settled(page);
  await page.locator("#strip .tok.appended").nth(1).click(); // a branch
  await page.getByText("Choose another bar to branch.").waitFor();
  await page.locator("#bars button:not(.chosen)").nth(1).click();
  await counted(page, `${prompt} prompt + 2 new`);
  await settled(page);
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.locator("#heat").selectOption("surprise"); // scores
  await page.locator("#strip .tok:not(.appended)[class*=heat]").nth(2).waitFor();
  await page.getByRole("button", { name: "Share" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /^CSV One row/ }).click(),
  ]);
  assert.match(await Deno.readTextFile(await download.path()), /^path,step,chosen_id,/);
}

const away = () =>
  new Error("The engine cannot be reached. When it is back, ask again.", {
    cause: { code: "inference_failed", again: 1 },
  });

browserTest("Play goes on when the engine is back: a fake engine", {
  answers: answersOf(),
  expected: EXPECTED,
}, async (t) => {
  const { page, server } = t;
  await settled(page);
  await playThrough(page, TOKENS, {
    away: () => Promise.resolve(server.engine.failWith(away())),
    back: () => Promise.resolve(server.engine.failWith(null)),
  });
  await explore(page, TOKENS);
});

if (there) {
  let llama: LlamaServer;
  let engine: Engine;
  Deno.test.beforeAll(async () => {
    llama = await startLlamaServer();
    const spec = specFor(`llamacpp+${llama.url}#${MODEL}`);
    const modelLists = createModelLists(spec.roots, hubSettingsOf(spec.hub));
    engine = createEngine({ spec, spawn: spawnTestWorker, modelLists, log: () => {} });
    await untilReady(engine);
  });
  Deno.test.afterAll(async () => {
    await engine.close();
    await llama.stop();
  });

  browserTest(
    "a real llama.cpp server, killed and started again in the middle of Play; then step, scores, branches, export",
    { real: () => engine, expected: EXPECTED },
    async ({ page }) => {
      page.setDefaultTimeout(3 * MINUTE); // llama.cpp's threads wait for each other on a busy machine
      await settled(page);
      await playThrough(page, TOKENS, {
        away: () => llama.stop(),
        async back() {
          llama = await startLlamaServer({ port: Number(new URL(llama.url).port) });
        },
      });
      await explore(page, TOKENS);
    },
  );
}
