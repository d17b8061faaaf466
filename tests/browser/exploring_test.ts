// Branches, draws, Play, inspection, looking ahead, sampling: by mouse and by keyboard alone.
import assert from "node:assert/strict";
import { fakeStatus } from "../fakes.ts";
import { answersOf, askedOf, endingLanguage, lastAsked } from "./asked.ts";
import { browserSuite, counted, settled, stripTokens } from "./browser.ts";
import { branch, expert, write } from "./states_exploring.ts";

const browserTest = browserSuite();

/** Every draw is 0.5: no text ends by chance. */
const DRAWS_HALF = { answers: answersOf() };

browserTest("a click is one request, and inspecting a step is none", {}, async ({ page, server }) => {
  await settled(page);
  const before = askedOf(server).length;
  await page.locator("#bars button").nth(2).click();
  await settled(page);
  assert.equal(askedOf(server).length, before + 1);
  assert.equal(lastAsked(server).kind, "step");
  await write(page, 2);
  const bars = await page.locator("#bars .pct").allInnerTexts();
  const asked = askedOf(server).length;
  await page.locator("#strip .tok.appended").nth(0).click();
  await page.getByText("(step 1)").waitFor();
  assert.notDeepEqual(await page.locator("#bars .pct").allInnerTexts(), bars);
  assert.equal(await page.locator("#bars button[aria-current=true]").count(), 1);
  await page.getByRole("button", { name: "Back to the end" }).click();
  assert.deepEqual(await page.locator("#bars .pct").allInnerTexts(), bars);
  assert.equal(askedOf(server).length, asked);
});

browserTest("branch at the second token, switch, rename, delete, undo", {}, async ({ page }) => {
  await branch(page);
  const short = await stripTokens(page);
  await expert(page);
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.locator(".tree .sw").first().click();
  await settled(page);
  const long = await stripTokens(page);
  assert.deepEqual(long.slice(0, -2), short.slice(0, -1), "both share their beginning");
  await page.getByRole("button", { name: "Rename Branch B" }).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("The other one");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete The other one" }).click();
  await page.locator(".toast").getByText("The other one is deleted.").waitFor();
  assert.equal(await page.locator(".tree .sw").count(), 1);
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await page.locator(".tree").getByText("The other one").waitFor();
  assert.deepEqual(await stripTokens(page), long);
});

browserTest("the same by keyboard alone", {}, async ({ page }) => {
  await settled(page);
  for (const key of ["1", "2", "3"]) {
    await page.keyboard.press(key);
    await settled(page);
  }
  const long = await stripTokens(page);
  await page.locator("#strip .tok").last().focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator("#token-card").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("(step 2)").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("(step 2)").waitFor({ state: "detached" });
  assert.deepEqual(await stripTokens(page), long);
  await page.keyboard.press("Enter");
  await page.getByText("(step 2)").waitFor();
  await page.keyboard.press("5");
  await settled(page);
  assert.equal((await stripTokens(page)).length, long.length - 1);
  await page.keyboard.press("m");
  await page.locator("#tab-sampling").focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowRight"); // constraint, attribution, branches
  await page.getByText("Branch B").waitFor();
  await page.locator(".tree .sw").nth(1).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.deepEqual(await stripTokens(page), long);
});

browserTest(
  "Step draws, says where the number fell, and Undo takes it back",
  DRAWS_HALF,
  async ({ page, server }) => {
    await settled(page);
    const before = (await stripTokens(page)).length;
    await page.getByRole("button", { name: "Step" }).click();
    await page.locator(".tok.appended").waitFor();
    await settled(page);
    assert.match(await page.locator(".drawnote").innerText(), /^Last draw 0\.\d{3} → /);
    assert.equal(lastAsked(server).input.include.includes("next"), true);
    await page.locator("#strip .tok.appended").click();
    await page.locator(".needle").waitFor();
    await page.keyboard.press("Control+z");
    await settled(page);
    assert.equal((await stripTokens(page)).length, before);
  },
);

browserTest("Play goes on until it is paused, or for so many tokens", DRAWS_HALF, async ({ page }) => {
  await settled(page);
  await expert(page);
  await page.getByLabel("Speed of Play").fill("9");
  await page.getByLabel("At most").fill("7");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await counted(page, "30 prompt + 7 new");
  await page.getByRole("button", { name: "Play", exact: true, pressed: false }).waitFor();
  await page.getByLabel("Speed of Play").fill("5");
  await page.locator("#candidates").focus();
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".tok.appended").length > 8);
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await settled(page);
});

/** Runs in the page: how long a bar moves while #main has the class, as soon as it has it. */
function movesWhile(mark: string): Promise<string> {
  const main = document.querySelector("#main")!;
  const now = () => getComputedStyle(document.querySelector(".plot .length")!).transitionDuration;
  return new Promise((resolve) =>
    new MutationObserver((_, observer) => {
      if (!main.classList.contains(mark)) return;
      observer.disconnect();
      resolve(now());
    }).observe(main, { attributes: true, attributeFilter: ["class"] })
  );
}

browserTest(
  "at full speed of Play nothing moves: each token's bars are at their ends at once",
  DRAWS_HALF,
  async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await settled(page);
    await expert(page);
    await page.getByLabel("Speed of Play").fill("9");
    await page.getByLabel("At most").fill("7");
    await page.keyboard.press("Tab");
    const meanwhile = page.evaluate(movesWhile, "rushing");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    assert.match(await meanwhile, /^(0s(, )?)+$/);
    await page.locator("#main:not(.rushing)").waitFor();
    const moves = await page.locator(".plot .length").first().evaluate((bar) =>
      getComputedStyle(bar).transitionDuration
    );
    assert.doesNotMatch(moves, /^(0s(, )?)+$/);
    await page.emulateMedia({ reducedMotion: "reduce" });
  },
);

browserTest("Play ends with the text", { answers: answersOf(endingLanguage()) }, async ({ page }) => {
  await settled(page);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByText("The model ended its text here").waitFor();
  assert.equal(
    await page.getByRole("button", { name: "Play", exact: true }).getAttribute("aria-disabled"),
    "true",
  );
});

browserTest("hovering a bar shows its token and what could follow", {}, async ({ page, server }) => {
  await settled(page);
  const bar = page.locator("#bars button").nth(1);
  await bar.hover();
  await page.locator(".ghost").waitFor();
  await page.locator(".peek").getByText("then").waitFor();
  const asked = askedOf(server).length;
  await page.locator("#prompt").hover();
  await page.locator(".ghost").waitFor({ state: "detached" });
  await bar.hover();
  await page.locator(".peek").getByText("then").waitFor();
  assert.equal(askedOf(server).length, asked, "looking ahead asks no question of the page");
});

browserTest(
  "presets hatch what they remove; the ledger says why and brings it back",
  {},
  async ({ page, server }) => {
    await write(page, 2);
    await expert(page);
    await page.getByRole("radio", { name: "Balanced" }).click();
    const cut = page.locator("#bars .cut").first();
    await cut.waitFor();
    await settled(page);
    assert.equal(lastAsked(server).input.params.top_p, 0.8);
    assert.ok(lastAsked(server).input.include.includes("stages"));
    const length = (await stripTokens(page)).length;
    await cut.click();
    await page.getByText("Why was").waitFor();
    assert.equal((await stripTokens(page)).length, length, "a removed token is explained, not appended");
    const count = await page.locator("#bars .cut").count();
    await page.getByRole("button", { name: /top-p ≥/ }).click();
    await page.waitForFunction((count) => document.querySelectorAll("#bars .cut").length < count, count);
  },
);

browserTest("any text is forced, marked, and its tokens shown before", {}, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("f");
  await page.keyboard.type(" Paris, the");
  await page.locator(".force-tokens").getByText("3 tokens", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await counted(page, "30 prompt + 3 new");
  assert.equal(await page.locator(".tok.forced").count(), 3);
  assert.equal(await page.inputValue("#force"), "");
});

browserTest("another prompt can take the completion along", {}, async ({ page }) => {
  await write(page, 2);
  const tail = (await stripTokens(page)).slice(-2);
  await page.fill("#prompt", "The cat");
  await page.getByText("Start and keep the 2 tokens after it").click();
  await counted(page, "2 prompt + 2 new");
  assert.deepEqual((await stripTokens(page)).slice(-2), tail);
  await page.keyboard.press("Control+z");
});

browserTest("a conversation goes through the template; a message that is refused says why", {
  status: fakeStatus.ready({ hasChatTemplate: true }),
}, async ({ page, server }) => {
  await settled(page);
  await page.getByRole("radio", { name: "Chat" }).click();
  await page.getByLabel("Text of message 2").fill("sun");
  await page.keyboard.press("Control+Enter");
  await settled(page);
  assert.deepEqual(lastAsked(server).input.messages?.map(({ role }) => role), ["system", "user"]);
  assert.match((await stripTokens(page)).join(""), /^\[system\].*\[user\]sun<\|end\|>\[assistant\]$/);
  assert.equal(await page.locator(".tok.special").count(), 2);
});

browserTest("a token found in the whole vocabulary is pinned and appended", {}, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("/");
  await page.locator("#vocabulary-query").fill("#65");
  await page.getByText("1 token of 300 matches").waitFor();
  await page.getByRole("button", { name: /^Pin A/ }).click();
  await page.getByRole("button", { name: "Close the search" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#bars button.b:not(.other)").length === 11);
  await page.getByRole("button", { name: /^Pin A/ }).click();
  await page.waitForFunction(() => document.querySelectorAll("#bars button.b:not(.other)").length === 10);
  await page.keyboard.press("/");
  await page.locator("#vocabulary-query").fill("#65");
  await page.getByRole("button", { name: /^Pin A/ }).click();
  await page.getByRole("button", { name: "Close the search" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#bars button.b:not(.other)").length === 11);
  await page.locator("#bars button.b:not(.other)").last().click();
  await counted(page, "30 prompt + 1 new");
  assert.equal((await stripTokens(page)).at(-1), "A");
});

browserTest("off, the model is not asked; on again, the page goes on", {}, async ({ page, server }) => {
  await write(page, 1);
  await expert(page);
  await page.getByText("Predictions on").click();
  await page.getByText("The model is off").first().waitFor();
  const asked = askedOf(server).length;
  await page.keyboard.press("]");
  await page.keyboard.press("Backspace");
  assert.equal(askedOf(server).length, asked);
  assert.equal(await page.evaluate(() => localStorage.getItem("llmDemo.llmEnabled")), "false");
  await page.getByRole("button", { name: "Turn the model on" }).click();
  await settled(page);
});

browserTest("a number that is being typed outlives the tokens of Play", DRAWS_HALF, async ({ page }) => {
  await settled(page);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  const field = page.getByLabel("Temperature, number");
  await field.fill("1.4");
  await page.locator(".tok.appended").nth(1).waitFor();
  assert.equal(await field.inputValue(), "1.4");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Pause" }).click();
  await settled(page);
  assert.equal(await field.inputValue(), "1.4");
});
