// Every operator that gradients go back through. Attention kernels and fused
// residual sums are not here: they are written out first (forms/).
import { ARRANGEMENT } from "./arrangement.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { KERNELS } from "./kernels.ts";
import { PRODUCTS } from "./products.ts";
import { QUANTISED } from "./quantised.ts";
import { REDUCTIONS } from "./reductions.ts";
import type { Rule } from "./rule.ts";

/** Rules by operator, of ai.onnx and com.microsoft; no name means two things. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...ARRANGEMENT,
  ...KERNELS,
  ...QUANTISED,
};
