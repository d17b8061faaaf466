import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { formatPercent } from "../../lib/explorer/words/format.ts";
import { fakeNextToken } from "../fake_model.ts";
import { answersOf, type Asked, askedOf, lastAsked, rightAnswer } from "./asked.ts";
import { browserSuite, counted, settled, stripTokens } from "./browser.ts";
import type { PageServer } from "./server.ts";

const browserTest = browserSuite();

browserTest("while an answer is on its way the old bars are dimmed and append nothing", {}, async (t) => {
  const { page, server } = t;
  await settled(page);
  const before = (await stripTokens(page)).length;
  server.engine.hold();
  await page.locator("#bars button").first().click();
  await page.locator(".dist.stale").waitFor();
  await page.locator("#bars button").nth(3).click({ force: true });
  await page.keyboard.press("2");
  assert.equal((await stripTokens(page)).length, before + 1);
  server.engine.release();
  await settled(page);
  assert.equal((await stripTokens(page)).length, before + 1);
});

browserTest(
  "old bars are said to be old at once, and shown to be only where the answer takes a while",
  {},
  async (t) => {
    const { page, server } = t;
    await settled(page);
    const classes = page.evaluate(() =>
      new Promise<string>((resolve) => {
        const card = document.querySelector(".dist")!;
        const look = () => card.classList.contains("stale") && resolve(card.className);
        new MutationObserver(look).observe(card, { attributes: true });
      })
    );
    server.engine.hold();
    await page.locator("#bars button").first().click();
    assert.equal(await classes, "card dist stale");
    await page.locator(".dist.stale.dim.shut").waitFor();
    server.engine.release();
    await settled(page);
    assert.equal(await page.locator(".dist").getAttribute("class"), "card dist");
  },
);

/** The question at a place of the order, once it has come. */
async function asked(server: PageServer, at: number): Promise<Asked> {
  while (askedOf(server).length <= at) await server.engine.submitted(server.engine.jobs.length + 1);
  return askedOf(server)[at]!;
}

browserTest("a newer question breaks the older one off", {}, async ({ page, server }) => {
  await settled(page);
  const before = askedOf(server).length;
  server.engine.hold();
  await page.locator("#bars button").first().click();
  const { signal } = await asked(server, before);
  await page.keyboard.press("]");
  await asked(server, before + 1);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  server.engine.release();
  await settled(page);
});

browserTest(
  "every click on Greedy appends one token, however fast",
  { delayMs: 15 },
  async ({ page, server }) => {
    await settled(page);
    await page.evaluate(() => {
      const greedy = [...document.querySelectorAll("button")].find((button) =>
        button.textContent === "Greedy"
      );
      for (let n = 0; n < 8; n++) greedy?.click();
    });
    await counted(page, await expectedCount(page, 8));
    await settled(page);
    const all = lastAsked(server).ids!;
    const appended = all.slice(-8);
    appended.forEach((id, at) => {
      const ids = all.slice(0, all.length - 8 + at);
      assert.equal(fakeNextToken({ ids, text: null, top_k: 1, temperature: 0.7 }).candidates[0]!.id, id);
    });
  },
);

async function expectedCount(page: Parameters<typeof settled>[0], appended: number): Promise<string> {
  const prompt = await page.locator(".tok:not(.appended)").count();
  return `${prompt} prompt + ${appended} new`;
}

/** What the page showed in one frame: its text, its temperature, and its bars unless they are marked as old. */
interface Frame {
  readonly text: string;
  readonly temperature: number;
  readonly bars: readonly string[];
}

browserTest("50 quick clicks and slider moves never show a distribution of another text", {
  answers: answersOf(undefined, (input) => delay(input.completion_ids.length * 7 % 30)),
}, async ({ page, server }) => {
  await settled(page);
  const frames = await page.evaluate(async () => {
    const frames = new Map<string, Frame>();
    const look = () => {
      const bars = [...document.querySelectorAll("#bars button")].slice(0, 5);
      if (bars.length === 0 || document.querySelector(".dist.stale") !== null) return;
      const frame = {
        text: [...document.querySelectorAll("#strip .tok")].map((token) => token.textContent).join(""),
        temperature: Number(document.querySelector<HTMLInputElement>("[aria-label=Temperature]")?.value),
        bars: bars.map((bar) => bar.querySelector(".pct")?.textContent ?? ""),
      };
      frames.set(JSON.stringify(frame), frame);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    const slider = document.querySelector<HTMLInputElement>("[aria-label=Temperature]")!;
    for (let n = 0; n < 50 || (frames.size <= 5 && n < 500); n++) { // a slow machine answers few of them
      if (n % 5 === 4) {
        slider.value = String((n * 7 % 40) / 20);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      } else if (n % 11 === 10) {
        document.querySelector<HTMLElement>("[aria-label=Undo]")?.click();
      } else {
        document.querySelectorAll<HTMLElement>("#bars button")[n % 4]?.click();
      }
      await new Promise((resolve) => setTimeout(resolve, n * 13 % 45));
    }
    return [...frames.values()];
  });
  await settled(page);
  assert.ok(frames.length > 5, `only ${frames.length} different frames were seen`);
  const right = new Set<string>();
  for (const asked of askedOf(server)) {
    const { text, dist } = await rightAnswer(asked);
    const bars = dist.tokens.slice(0, 5).map(({ p_final }) => `${formatPercent(p_final)}%`);
    right.add(JSON.stringify([text, asked.temperature, bars])).add(JSON.stringify([text, bars]));
  }
  for (const { text, temperature, bars } of frames) {
    // A text that has ended shows the bars that its end was chosen from, whatever the temperature is by now.
    const before = text.replace(/<\|end\|>$/, "");
    const shown = before === text ? [text, temperature, bars] : [before, bars];
    assert.ok(right.has(JSON.stringify(shown)), `shown but never true: ${JSON.stringify(shown)}`);
  }
});

browserTest("draws, Play, branches and undo in a rush leave a text whose bars are its own", {
  answers: answersOf(undefined, (input) => delay(input.completion_ids.length * 5 % 25)),
}, async ({ page, server }) => {
  await settled(page);
  await page.evaluate(async () => {
    const press = (key: string) =>
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let n = 0; n < 60; n++) {
      const tokens = document.querySelectorAll<HTMLElement>("#strip .tok.appended");
      if (n % 13 === 12) tokens[n % Math.max(1, tokens.length)]?.click();
      else if (n % 17 === 16) press(" ");
      else if (n % 7 === 6) press("Backspace");
      else if (n % 5 === 4) press("]");
      else press(["s", "g", "2", "s"][n % 4]!);
      await new Promise((resolve) => setTimeout(resolve, n * 11 % 40));
    }
  });
  await page.keyboard.press("Escape");
  if (await page.getByRole("button", { name: "Pause" }).count() > 0) await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.keyboard.press("Backspace");
  await page.getByLabel("Temperature, number").fill("1.23"); // one that no answer is known for
  await page.keyboard.press("Enter");
  await settled(page);
  const { text, dist } = await rightAnswer(lastAsked(server));
  assert.equal((await stripTokens(page)).join(""), text);
  assert.deepEqual(
    (await page.locator("#bars .pct").allInnerTexts()).slice(0, 5).map((shown) => shown.replace(/\s/g, "")),
    dist.tokens.slice(0, 5).map(({ p_final }) => `${formatPercent(p_final)}%`),
  );
});
