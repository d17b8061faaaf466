// How long a task still takes, as it is told.
import assert from "node:assert/strict";
import { Countdown } from "../../../lib/worker/attribution/countdown.ts";

const EXPECTED = { opening: 1000, computing: 2000 };

Deno.test("before its turn a task takes what is expected of it", () => {
  const countdown = new Countdown(EXPECTED, "opening");
  assert.equal(countdown.left(5000), 3000);
  countdown.begin(9000);
  assert.equal(countdown.left(9400), 2600);
});

Deno.test("what takes longer than expected and tells nothing is left more and more", () => {
  const countdown = new Countdown(EXPECTED, "opening");
  countdown.begin(0);
  assert.equal(countdown.left(1000), 2250);
  assert.ok(countdown.left(8000) > countdown.left(4000));
  countdown.enter("computing", 8000);
  assert.equal(countdown.left(8000), 2000);
  assert.ok(countdown.left(16_000) >= 2000, "8 s of the 2 s expected");
  assert.ok(countdown.left(32_000) > countdown.left(16_000));
});

Deno.test("what is measured takes the place of what was expected", () => {
  const countdown = new Countdown({ opening: 0, computing: 3000 }, "computing");
  countdown.begin(0);
  countdown.share = 0.1; // a tenth in 30 s: five minutes in all
  assert.ok(countdown.left(30_000) > 100_000);
  countdown.share = 0.8;
  const left = countdown.left(240_000);
  assert.ok(left > 50_000 && left < 70_000, `${left}`);
  countdown.share = 1;
  assert.equal(countdown.left(300_000), 0);
});

Deno.test("a faster machine than expected is believed too", () => {
  const countdown = new Countdown({ opening: 0, computing: 60_000 }, "computing");
  countdown.begin(0);
  countdown.share = 0.5;
  assert.ok(countdown.left(1000) < 12_000);
});
