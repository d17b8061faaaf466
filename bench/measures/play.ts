// Play at full speed, the whole way: tokens a second on the page in Chromium, beside the model's run inside each
// answer.
import { withChromium } from "../chromium.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { withServer } from "../server.ts";
import { summarise } from "../stats.ts";
import type { Page } from "../../tests/playwright.ts";

const TOKENS = 100;
const SIZE = { width: 1280, height: 900 };
const TIMEOUT_MS = 120_000;

export const play: Part = {
  name: "play",
  about: `${TOKENS} tokens of Play at full speed on the page, prefetch on and off`,
  byDefault: true,
  async run(bench: Bench) {
    await withChromium(bench.report, async (browser, { settled }) => {
      for (const prefetch of ["", "0"]) {
        await withServer({ NEXTTOKEN_PREFETCH: prefetch }, async (server) => {
          const page = await browser.newPage({ viewport: SIZE });
          await page.goto(server.url);
          await settled(page);
          await measure(bench, page, prefetch === "0" ? "prefetch off" : "prefetch on");
          await page.close();
        });
      }
    });
  },
};

async function measure({ quick, report }: Bench, page: Page, name: string): Promise<void> {
  const tokens = quick ? TOKENS / 5 : TOKENS;
  const runs: number[] = [];
  page.on("response", (response) => {
    if (!response.url().endsWith("/api/step")) return;
    response.json().then(({ timing }) => timing.decode_ms > 0 && runs.push(timing.decode_ms)).catch(() => {});
  });
  await page.keyboard.press("m");
  await page.getByLabel("Speed of Play").fill("9");
  await page.getByLabel("At most").fill(String(tokens));
  await page.keyboard.press("Tab");
  // Play is on from the click until its last token: the page tells when each token is drawn.
  await page.evaluate(() => {
    const times: number[] = [];
    const count = () => document.querySelectorAll("#strip .tok.appended").length;
    let before = count();
    new MutationObserver(() => {
      for (const now = count(); before < now; before++) times.push(performance.now());
    }).observe(document.querySelector("#strip")!, { childList: true, subtree: true, attributes: true });
    Object.assign(globalThis, { times });
  });
  const play = page.getByRole("button", { name: "Play", exact: true });
  await Promise.all([play.evaluate(untilPlayed, TIMEOUT_MS), play.click()]);
  const times = await page.evaluate(() => (globalThis as unknown as { times: number[] }).times);
  const between = times.slice(1).map((time, at) => time - times[at]!);
  const run = { label: "the run inside", value: summarise(runs).median, unit: "ms", goal: null };
  const mean = between.reduce((sum, ms) => sum + ms, 0) / between.length;
  const rate = { label: "", value: 1000 / mean, unit: "tokens/s", goal: null };
  report.add(
    `a token of Play, ${name}`,
    "ms",
    between,
    rate,
    run,
    ratio(run.value / mean, "of 1 / run", "≥ 0.85"),
  );
}

/** Runs in the page, which tells by itself when it has played: to ask it for the button in every frame takes as much of
 * the processor as the page's own drawing. Rejects after `patience` milliseconds. */
function untilPlayed(button: Element, patience: number): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("Play did not end.")), patience);
    const isPlaying = () => button.getAttribute("aria-pressed") === "true";
    let began = isPlaying();
    new MutationObserver(() => {
      if (began && !isPlaying()) resolve();
      began ||= isPlaying();
    }).observe(button, { attributes: true });
  });
}
