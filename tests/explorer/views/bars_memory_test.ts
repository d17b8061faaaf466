import assert from "node:assert/strict";
import { changeDisplay, setTemperature } from "../../../lib/explorer/moves/setting_moves.ts";
import { rememberBars } from "../../../lib/explorer/views/bars_memory.ts";
import { choose, make, opened } from "../fake_api.ts";

Deno.test("a drag keeps the axis and the ghost of before all of it; another text has neither", async () => {
  const world = await opened();
  await make(world, (now) => changeDisplay(now, { axis: "zoom" }));
  const bars = rememberBars();
  const first = bars(world.session, false)!.dist;
  assert.ok(first.rows.every(({ ghost }) => ghost === null));
  bars(world.session, true);
  for (const temperature of [1.4, 2]) {
    await make(world, (now) => setTemperature(now, temperature));
    const dragged = bars(world.session, true)!.dist;
    assert.equal(dragged.end, first.end, "the axis was drawn anew in a drag");
    const [top] = dragged.rows;
    assert.equal(top!.ghost, first.rows.find(({ id }) => id === top!.id)!.length);
  }
  const dropped = bars(world.session, false)!.dist;
  assert.notEqual(dropped.end, first.end, "the axis is the bars' own again");
  await make(world, (now) => setTemperature(now, 1));
  const keyed = bars(world.session, false)!.dist;
  const [was, is] = [dropped.rows[0]!.length * dropped.end, keyed.rows[0]!.ghost! * keyed.end];
  assert.ok(Math.abs(was - is) < 1e-9, "each key is a change of its own");
  await make(world, choose(0));
  assert.ok(bars(world.session, false)!.dist.rows.every(({ ghost }) => ghost === null));
});
