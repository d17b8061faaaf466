// What is in force and not in sight, what cannot be taken, and what the last draw was: said where one looks.
import assert from "node:assert/strict";
import { lastAsked } from "./asked.ts";
import { assertAccessible, browserSuite, settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();

browserTest(
  "settings of closed controls are said beside the bars and can be taken back",
  {},
  async ({ page, server }) => {
    await settled(page);
    assert.equal(await page.locator(".hidden-settings").count(), 0);
    await expert(page);
    await page.getByLabel("Repetition, number").fill("1.5");
    await page.keyboard.press("Enter");
    await page.getByLabel("Logit bias").fill("#7 -2");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Remove bias/ }).waitFor();
    assert.equal(await page.locator(".hidden-settings").count(), 0, "they are in sight");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Fewer controls/ }).click();
    await page.getByText("in force: repetition 1.5, logit bias on 1 token").waitFor();
    const chip = page.locator(".dist .hidden-settings");
    await chip.getByText("repetition 1.5").waitFor();
    await settled(page);
    assert.equal(lastAsked(server).input.params.repetition_penalty, 1.5);
    await assertAccessible(page, "hidden settings");
    await chip.getByRole("button", { name: "Reset these settings" }).click();
    await chip.waitFor({ state: "detached" });
    await settled(page); // from what the page knows: a step asks
    await page.keyboard.press("s");
    await page.locator(".drawnote").getByText("Last draw").waitFor();
    const { params } = lastAsked(server).input;
    assert.deepEqual([params.repetition_penalty, params.logit_bias, params.temperature], [1, {}, 0.7]);
  },
);

browserTest("a number that cannot be taken is refused in place", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  const seed = page.getByLabel("Seed");
  await seed.fill("abc");
  await seed.press("Enter");
  await page.getByRole("alert").getByText('"abc" is no number: Random stays.').waitFor();
  await seed.fill("12345678901234567890");
  await seed.press("Enter");
  await page.getByRole("alert").getByText("A seed is a whole number up to 9,007,199,254,740,991.").waitFor();
  await settled(page); // the bars stay
  await seed.fill("7");
  await seed.press("Enter");
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.equal(await seed.inputValue(), "7");
});

browserTest("the last draw is shown on its own strip until the text changes", {}, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("s");
  await page.locator(".drawnote").getByText("Last draw").waitFor();
  const strip = page.locator(".last-strip");
  assert.equal(await strip.locator(".needle").count(), 1);
  assert.ok(await strip.locator("rect").count() > 2);
  await page.keyboard.press("Backspace");
  await strip.waitFor({ state: "detached" });
});
