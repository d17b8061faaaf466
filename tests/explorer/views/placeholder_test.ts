import assert from "node:assert/strict";
import type { Failure } from "../../../lib/explorer/session/types.ts";
import { placeholderView } from "../../../lib/explorer/views/placeholder.ts";
import { opened } from "../fake_api.ts";

Deno.test("a refusal about a constraint offers to turn it off, the text that leaves it too", async () => {
  const { session } = await opened();
  const actionsFor = (field: string | null) => {
    const failure: Failure = { kind: "refused", message: "No.", detail: "", field };
    const placeholder = placeholderView({ ...session, activity: { kind: "failed", failure } });
    assert.ok(placeholder?.kind === "failed", JSON.stringify(placeholder));
    return placeholder.actions;
  };
  for (const field of ["constraint", "constraint.schema", "completion_ids[0]"]) {
    assert.deepEqual(actionsFor(field), ["unconstrain", "edit", "copy"], field);
  }
  for (const field of [null, "prompt", "params.top_k"]) assert.deepEqual(actionsFor(field), ["edit", "copy"]);
});
