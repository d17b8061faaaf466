/** The input for the number of positions at the end whose logits are wanted, by the names that exporters give it. The
 * first is what the cut adds. */
export const LOGITS_TO_KEEP_NAMES = ["num_logits_to_keep", "logits_to_keep"] as const;

/** Whether an input of this name is the number of logits to keep. */
export function isLogitsToKeep(name: string): boolean {
  return LOGITS_TO_KEEP_NAMES.some((one) => one === name);
}
