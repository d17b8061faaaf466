// The agreement between methods as a table.
import type { MethodComparison } from "../../wire/attribution.ts";
import { type Heat, heatOfShare } from "../words/heat.ts";
import { formatAmount } from "../../basics/number_text.ts";

export interface AgreementRow {
  readonly name: string;
  /** One for each method, in the order of the rows; "–" where a method's scores are all alike. */
  readonly cells: readonly { readonly heat: Heat | null; readonly text: string }[];
}

/** Rows and columns in the comparison's order. */
export function agreementView({ methods, agreement }: MethodComparison): AgreementRow[] {
  return methods.map(({ label }, row) => ({
    name: label,
    cells: agreement[row]!.map((value, column) => ({
      heat: value === null || row === column ? null : heatOfShare(value),
      text: value === null ? "–" : row === column ? "1" : formatAmount(value),
    })),
  }));
}
