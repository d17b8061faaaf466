// Every operator that gradients go back through. Fused operators are not here: they are written out first (fused/).
import { ARRANGEMENT } from "./arrangement.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { PRODUCTS } from "./products.ts";
import { REDUCTIONS } from "./reductions.ts";
import type { Rule } from "./rule.ts";

/** Rules by operator, of ai.onnx and com.microsoft; no name means two things. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...ARRANGEMENT,
};
