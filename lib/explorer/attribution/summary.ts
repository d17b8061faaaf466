// The attribution in a word or two, for its tab.
import { methodRow } from "../../wire/attribution_methods.ts";
import type { AttributionStore } from "./store.ts";
import { formatAmount } from "../../basics/number_text.ts";

/** "Occlusion", "Occlusion, 1.24 nats", "Running", "Off". */
export function attributionSummary({ running, answer, choice }: AttributionStore): string {
  if (running.value !== null && !running.value.passing) return "Running";
  const { label } = methodRow(choice.value.method);
  const faithfulness = answer.value?.result.faithfulness ?? null;
  return faithfulness === null ? label : `${label}, ${formatAmount(faithfulness.score)} nats`;
}
