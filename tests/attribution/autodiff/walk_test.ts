// The walk itself: values that several nodes read, branches that lead nowhere, and branches that carry no gradient.
import { strict as assert } from "node:assert";
import { TensorProto_DataType as DataType } from "onnx-buf";
import { differentiate } from "../../../lib/attribution/autodiff/backward.ts";
import { faultOf } from "../../../lib/fault.ts";
import { checkGradient, random, smallDraft } from "./small_graphs.ts";

const INPUTS = { x: random(3, [2, 3]), b: random(4, [3]) };

Deno.test("gradients of a value that several nodes read add up, one node that reads it twice included", async () => {
  await checkGradient(INPUTS, (draft) => {
    const shared = draft.op("Mul", ["x", "x"]);
    const left = draft.op("Add", [shared, "b"]);
    const right = draft.op("Mul", [shared, "b"]);
    return draft.op("Add", [draft.op("Mul", [left, right]), shared]);
  });
});

Deno.test("a branch that leads to no output adds nothing, even where it has no rule", async () => {
  await checkGradient(INPUTS, (draft) => {
    const used = draft.op("Mul", ["x", "b"]);
    draft.op("Mul", [draft.op("Add", [used, "x"]), "x"]);
    draft.op("Det", [draft.op("MatMul", ["x", draft.op("Transpose", ["x"])])]);
    return used;
  });
});

Deno.test("an operator without a rule is named where the gradient has to pass it", () => {
  for (const operator of ["Det", "constructor"]) { // the latter is a function of the file, in a domain of its own
    const draft = smallDraft(INPUTS);
    const value = draft.op(operator, [draft.op("MatMul", ["x", draft.op("Transpose", ["x"])])]);
    draft.setOutputs(new Map([[value, DataType.FLOAT]]));
    assert.throws(
      () => differentiate(draft, "x", new Map([[value, value]])),
      (error) => faultOf(error)?.code === "unsupported" && String(error).includes(`operator "${operator}"`),
    );
  }
});
