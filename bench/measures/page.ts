// The page in Chromium: when it first shows something, and how long its main thread is busy at a time.
import type { Browser, Page } from "../../tests/playwright.ts";
import { type Waiting, withChromium } from "../chromium.ts";
import type { Bench, Part } from "../part.ts";
import type { Figure, Report } from "../report.ts";
import type { PageServer } from "../../tests/browser/server.ts";
import { buildPage, startServer, withServer } from "../server.ts";
import { BRANCHES, explore, hover, switchAround, TOKENS, type } from "./page_large.ts";
import { firstScripts } from "./page_first.ts";
import { heapGrowth, STEPS } from "./page_memory.ts";
import { type Busy, longestTask, type Task, watch } from "./page_watch.ts";

const SIZE = { width: 1280, height: 900 };
/** Half of them clicks on bars, half moves of the temperature; the pause of a user in a hurry. */
const QUICK_MOVES = 50;
const HURRY_MS = 40;
const TIMEOUT_MS = 20_000;

export const page: Part = {
  name: "page",
  about: "first view and paint; longest tasks and frames; memory of 500 steps; restoring a session",
  byDefault: true,
  async run(bench: Bench) {
    await withChromium(bench.report, async (browser, waiting) => {
      await paint(bench, browser);
      await withServer({}, (server) => hurry(bench, browser, server.url, waiting));
      const fake = await fakeServer();
      try {
        await first(bench, browser, fake.url, waiting);
        await memory(bench, browser, fake.url, waiting);
        await large(bench, browser, fake.url, waiting);
      } finally {
        await fake.close();
      }
    });
  },
};

/** The page over a model that costs nothing: what is measured there is the page. */
async function fakeServer(): Promise<PageServer> {
  const { buildPage } = await import("../../tests/browser/server.ts");
  const { fakeStatus } = await import("../../tests/fakes.ts");
  const { answersOf, endlessLanguage } = await import("../../tests/browser/asked.ts");
  const contextLength = 4096;
  const answers = answersOf(endlessLanguage(contextLength));
  return await (await buildPage())({ status: fakeStatus.ready({ contextLength }), answers });
}

/** A page of a new visitor, closed whatever happens. */
async function visit(
  browser: Browser,
  work: (page: Page) => Promise<void>,
  reducedMotion: "reduce" | "no-preference" = "no-preference",
): Promise<void> {
  const context = await browser.newContext({ viewport: SIZE, reducedMotion });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    await work(page);
  } finally {
    await context.close();
  }
}

async function paint({ quick, report }: Bench, browser: Browser): Promise<void> {
  await buildPage();
  const samples = { first: [] as number[], contentful: [] as number[] };
  let ready = 0;
  for (let round = 0; round < (quick ? 2 : 5); round++) {
    const server = await startServer();
    try {
      await visit(browser, async (page) => {
        await page.goto(server.url, { waitUntil: "commit" });
        const { first, contentful, loading } = await page.evaluate(firstPaints);
        samples.first.push(first);
        samples.contentful.push(contentful);
        if (!loading) ready++;
      });
    } finally {
      await server.stop();
    }
  }
  report.add("first paint, model still loading", "ms", samples.first, worst(samples.first, "≤ 1 s"));
  report.add("first contentful paint", "ms", samples.contentful, worst(samples.contentful, "≤ 1 s"));
  if (ready > 0) report.note(`In ${ready} rounds the model was ready before the page was painted.`);
}

/** Runs in the page: milliseconds from the navigation to what is painted first, and whether the model was still being
 * loaded then. */
async function firstPaints(): Promise<{ first: number; contentful: number; loading: boolean }> {
  const contentful = await new Promise<number>((resolve) => {
    new PerformanceObserver((list) => {
      const entry = list.getEntriesByName("first-contentful-paint")[0];
      if (entry) resolve(entry.startTime);
    }).observe({ type: "paint", buffered: true });
  });
  const first = performance.getEntriesByName("first-paint")[0]?.startTime ?? contentful;
  const { ready } = await (await fetch("/api/model/status")).json();
  return { first, contentful, loading: !ready };
}

async function hurry(bench: Bench, browser: Browser, url: string, { settled }: Waiting): Promise<void> {
  const all: Busy[] = [];
  let [clicked, appended] = [0, 0];
  for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
    await visit(browser, async (page) => {
      await page.goto(url);
      await settled(page);
      all.push(await watch(browser, page, () => inAHurry(page)));
      await settled(page);
      clicked += QUICK_MOVES / 2;
      appended += await page.locator("#strip .tok.appended").count();
    });
  }
  busy(bench.report, `${QUICK_MOVES} quick moves`, all);
  bench.report.say(
    `${appended} of ${clicked} clicks came when there were bars to click, and appended a token.`,
  );
}

async function inAHurry(page: Page): Promise<void> {
  const bar = await page.locator("#bars button").first().boundingBox();
  const slider = await page.getByLabel("Temperature", { exact: true }).first().boundingBox();
  if (bar === null || slider === null) throw new Error("The page shows no bar or no slider.");
  for (let n = 0; n < QUICK_MOVES / 2; n++) {
    await page.mouse.click(bar.x + bar.width / 2, bar.y + bar.height / 2);
    await page.waitForTimeout(HURRY_MS);
    await page.mouse.click(
      slider.x + slider.width * (0.1 + 0.8 * (n * 7 % 25) / 25),
      slider.y + slider.height / 2,
    );
    await page.waitForTimeout(HURRY_MS);
  }
}

async function first({ report }: Bench, browser: Browser, url: string, { settled }: Waiting): Promise<void> {
  await visit(browser, async (page) => {
    const kilobytes = await firstScripts(page, url, settled) / 1000;
    report.add("first view, scripts, gzip", "kB", [kilobytes], worst([kilobytes], "≤ 90 kB", "kB"));
  });
}

async function memory(
  { quick, report }: Bench,
  browser: Browser,
  url: string,
  waiting: Waiting,
): Promise<void> {
  const steps = quick ? 50 : STEPS;
  await visit(browser, async (page) => {
    await page.goto(url);
    await waiting.settled(page);
    const megabytes = await heapGrowth(page, waiting, steps) / 1e6;
    report.add(`${steps} steps, growth of the heap`, "MB", [megabytes], worst([megabytes], "≤ 10 MB", "MB"));
  }, "reduce");
}

async function large({ quick, report }: Bench, browser: Browser, url: string, waiting: Waiting) {
  const branches = quick ? 5 : BRANCHES;
  const rounds = Array.from({ length: quick ? 1 : 3 });
  await visit(browser, async (page) => {
    await page.goto(url);
    await waiting.settled(page);
    report.say(`Large: an exploration of ${TOKENS} tokens and ${branches} branches.`);
    await explore(page, waiting, branches);
    const during = async (what: string, work: () => Promise<void>) => {
      const all: Busy[] = [];
      for (const _ of rounds) all.push(await watch(browser, page, work));
      busy(report, `large, ${what}`, all);
    };
    await during(`${QUICK_MOVES} quick moves`, () => inAHurry(page));
    await waiting.settled(page);
    await during("typing", () => type(page));
    await during("hovering", () => hover(page));
    await during("switching", () => switchAround(page, waiting));
    await restore(report, browser, page, rounds.length);
  });
}

async function restore(report: Report, browser: Browser, page: Page, rounds: number): Promise<void> {
  const shown = await page.locator("#strip .tok").count();
  const times: number[] = [];
  const tasks: Task[] = [];
  for (let round = 0; round < rounds; round++) {
    tasks.push(
      await longestTask(browser, page, async () => {
        await page.reload({ waitUntil: "commit" });
        const since = await page.waitForFunction(
          (count) => document.querySelectorAll("#strip .tok").length === count && performance.now(),
          shown,
        );
        times.push(Number(await since.jsonValue()));
      }),
    );
  }
  report.add("large, reload → all its tokens", "ms", times);
  report.add("large, reload, longest task", "ms", tasks.map(({ wall }) => wall), ...worstTask(tasks));
}

function busy(report: Report, what: string, all: readonly Busy[]): void {
  const [tasks, frames] = [all.map(({ task }) => task), all.map(({ frame }) => frame)];
  report.add(`${what}, longest task`, "ms", tasks.map(({ wall }) => wall), ...worstTask(tasks));
  report.add(`${what}, longest frame`, "ms", frames, worst(frames, "≤ 50 ms"));
}

/** On a busy machine tasks are long because others run: the time on the processor is what they cost themselves. */
function worstTask(tasks: readonly Task[]): Figure[] {
  const own = Math.max(...tasks.map(({ processor }) => processor));
  return [{ label: "at worst on the processor", value: own, unit: "ms", goal: "≤ 50 ms" }];
}

function worst(samples: readonly number[], goal: string, unit = "ms"): Figure {
  return { label: "worst", value: Math.max(...samples), unit, goal };
}
