// How JSON may be written where a schema leaves it open, in words.
import type { ConstraintSettings } from "../../sampling/constraint_kinds.ts";

export const WHITESPACE_LABELS: Readonly<Record<ConstraintSettings["whitespace"], string>> = {
  compact: "No white space",
  single_space: "At most one space after , and :",
  flexible: "Any white space",
};

export const ORDER_LABELS: Readonly<Record<ConstraintSettings["property_order"], string>> = {
  any: "Members in any order",
  schema: "Members in the schema's order",
};
