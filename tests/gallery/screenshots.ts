// `deno task screenshots`: twelve views of the page, as README shows them, written to docs/screenshots. The real routes
// and the bundled model answer; a failed model is a fake one. Nothing moves, the texts are chosen greedily, so that
// the same page gives the same pictures.
import { join } from "node:path";
import { hubSettingsOf } from "../../lib/hub/fetch/settings.ts";
import { createModelLists } from "../../lib/hub/model_lists.ts";
import { createEngine } from "../../lib/engine/engine.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { spawnWorker } from "../../lib/engine/worker_port.ts";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import type { Browser, Page } from "../playwright.ts";
import { settled } from "../browser/browser.ts";
import { findChromium, launchChromium } from "../browser/pages.ts";
import { buildPage, type Start, type StartOptions } from "../browser/server.ts";
import { fakeStatus } from "../fakes.ts";
import { ROOT, specFor } from "../engine/spec.ts";

const FOLDER = join(ROOT, "docs", "screenshots");
const MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct";
const MAX_BYTES = 250_000;
/** A word of the page or a request that takes longer than this will not come. */
const PATIENCE_MS = 15_000;
/** An attribution gives way to everything else on this computer. */
const EXPLAINED_MS = 120_000;
/** Narrower pages are held in a hand. */
const TOUCH_BELOW = 600;
/** Chromium's own mark of a tap. */
const TAP_FADES_MS = 500;

interface View {
  readonly file: string;
  readonly options?: StartOptions;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  readonly reach: (page: Page) => Promise<void>;
}

const appended = (page: Page, count: number) =>
  page.waitForFunction((n) => document.querySelectorAll("#strip .tok.appended").length === n, count);

/** Reads a prompt. */
async function start(page: Page, prompt: string): Promise<void> {
  await settled(page);
  await page.fill("#prompt", prompt);
  await page.keyboard.press("Control+Enter");
  await page.locator(".counter").getByText(/^\d+ tokens$/).waitFor({ state: "attached" }); // phones hide it
  await settled(page);
}

/** Clicks candidates one after another, by rank; the mouse is taken away again. */
async function pick(page: Page, ...ranks: number[]): Promise<void> {
  const before = await page.locator("#strip .tok.appended").count();
  const touch = page.viewportSize()!.width < TOUCH_BELOW;
  for (const [at, rank] of ranks.entries()) {
    await page.locator("#bars button").nth(rank - 1)[touch ? "tap" : "click"]();
    await appended(page, before + at + 1);
    await settled(page);
  }
  if (touch) await page.waitForTimeout(TAP_FADES_MS);
  else await page.mouse.move(0, 0);
}

/** Opens "More controls" at a tab. */
async function more(page: Page, tab: RegExp): Promise<void> {
  await page.getByRole("button", { name: "More controls" }).click();
  await page.getByRole("tab", { name: tab }).click();
  await page.locator(".panel > :not(.panel-wait)").first().waitFor();
  await settled(page);
}

async function clicks(page: Page): Promise<void> {
  await start(page, "Once upon a time, there was a");
  await pick(page, 1, 3, 1, 1, 2, 1);
}

async function compareTwo(page: Page): Promise<void> {
  await start(page, "The old lighthouse keeper");
  await pick(page, 1, 1, 1, 1, 1, 1, 1, 1);
  await page.locator("#strip .tok.appended").nth(1).click();
  await page.getByText("(step 2)").waitFor();
  await page.locator("#bars button").nth(1).click();
  await appended(page, 2);
  await settled(page);
  await pick(page, 1, 1, 1, 1, 1, 1);
  await more(page, /Branches/);
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.locator(".tree .sw").first().click();
  await page.mouse.move(0, 0);
  await page.locator(".compared").first().waitFor();
}

const CHOICES = JSON.stringify([
  " the view",
  " the sound of the waves",
  " the fresh air",
  " that it is quiet",
]);

/** Why the first candidate rather than the second, and how far the picture can be trusted. */
async function whyTheAnswer(page: Page): Promise<void> {
  await start(page, "Paris is the capital of France. Rome is the capital of");
  await more(page, /Attribution/);
  await page.getByLabel("Rather than (B)").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Explain", exact: true }).click();
  await page.locator(".attr-score").waitFor({ timeout: EXPLAINED_MS });
  await page.mouse.move(0, 0);
}

const VIEWS: readonly View[] = [
  { file: "first-visit", reach: settled },
  { file: "default", reach: clicks },
  { file: "dark", theme: "dark", reach: clicks },
  {
    file: "expert",
    height: 1440,
    reach: async (page) => {
      await start(page, "The best thing about living by the sea is");
      await pick(page, 2, 3, 1);
      await more(page, /Sampling/);
      await page.getByRole("radio", { name: "Balanced" }).click();
      await page.locator("#bars .cut").first().waitFor();
      await settled(page);
    },
  },
  {
    file: "chat",
    reach: async (page) => {
      await settled(page);
      await page.getByRole("radio", { name: "Chat" }).click();
      await page.getByLabel("Text of message 1").fill("You are a concise poet.");
      await page.getByLabel("Text of message 2").fill("One line about the sea.");
      await page.keyboard.press("Control+Enter");
      await settled(page);
      await pick(page, 1, 1, 1, 1, 1, 1);
    },
  },
  {
    file: "inspect",
    reach: async (page) => {
      await start(page, "Once upon a time, there was a");
      await pick(page, 1, 3, 1, 1, 2, 1);
      await page.locator("#strip .tok.appended").nth(1).click();
      await page.getByText("Choose another bar to branch.").waitFor();
      await page.locator("#strip .tok.appended").nth(3).hover();
      await page.locator("#token-card").waitFor();
    },
  },
  {
    file: "constraint",
    height: 1400,
    reach: async (page) => {
      await start(page, "The best thing about living by the sea is");
      await more(page, /Constraint/);
      await page.getByRole("radio", { name: "Choices" }).click();
      await page.getByLabel("Choices", { exact: true }).fill(CHOICES);
      await page.locator("table.choices").waitFor();
      await page.locator("#bars .cut").first().waitFor();
      await settled(page);
      await page.locator("#bars .cut").first().hover();
      await page.locator(".barred").waitFor();
    },
  },
  { file: "attribution", height: 1340, reach: whyTheAnswer },
  { file: "branches", height: 1400, reach: compareTwo },
  {
    file: "models",
    reach: async (page) => {
      await settled(page);
      await page.locator("#model-button").click();
      await page.getByRole("dialog", { name: "Models" }).getByText("In use").waitFor();
    },
  },
  {
    file: "error",
    options: {
      config: { model: "owner/some-model" },
      status: fakeStatus.failed("The model folder has no file tokenizer.json."),
    },
    reach: (page) => page.getByText("The model could not be loaded").waitFor(),
  },
  { file: "phone", width: 390, height: 844, reach: clicks },
];

/** The bundled model, ready to answer; hubs are not asked for anything. */
async function openEngine(): Promise<Engine> {
  const spec = specFor(MODEL, {
    cacheBytes: 256 * 2 ** 20,
    roots: createModelRoots(join(ROOT, "models"), {}),
  });
  const modelLists = createModelLists(spec.roots, hubSettingsOf(spec.hub));
  const engine = createEngine({ spec, spawn: spawnWorker, modelLists, log: () => {} });
  const ready = Promise.withResolvers<void>();
  const check = () => {
    const { model } = engine.status();
    if (model.state === "ready") ready.resolve();
    if (model.state === "failed") ready.reject(new Error(model.reason));
  };
  const stop = engine.subscribe(check);
  check();
  await ready.promise.finally(stop);
  return engine;
}

async function take(view: View, { browser, serve, engine }: {
  browser: Browser;
  serve: Start;
  engine: Engine;
}): Promise<void> {
  const server = await serve(view.options ?? { real: () => engine });
  const { width = 1280, height = 900 } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: width < TOUCH_BELOW,
    isMobile: width < TOUCH_BELOW,
    colorScheme: view.theme ?? "light",
    reducedMotion: "reduce",
    deviceScaleFactor: 1,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(server.url);
    await view.reach(page);
    await page.evaluate(() => scrollTo(0, 0));
    await page.evaluate(() => document.fonts.ready);
    const path = join(FOLDER, `${view.file}.png`);
    const { length } = await page.screenshot({ path, animations: "disabled", caret: "hide" });
    console.log(`${view.file}.png ${(length / 1000).toFixed(0)} kB`);
    if (length > MAX_BYTES) throw new Error(`${view.file}.png is larger than ${MAX_BYTES} bytes.`);
  } finally {
    await context.close();
    await server.close();
  }
}

if (import.meta.main) {
  const executablePath = findChromium();
  if (executablePath === null) {
    console.error("There is no Chromium at CHROMIUM_PATH or /usr/bin/chromium.");
    Deno.exit(1);
  }
  const chosen = VIEWS.filter(({ file }) => Deno.args.length === 0 || Deno.args.includes(file));
  const [serve, engine] = await Promise.all([buildPage(), openEngine()]);
  const browser = await launchChromium(executablePath);
  try {
    for (const view of chosen) await take(view, { browser, serve, engine });
  } finally {
    await browser.close();
    await engine.close();
  }
}
