// ByteLevel's options: a pre-tokenizer, a post-processor and a decoder have them all, whichever they use.
import { type Component, flagOption } from "./component.ts";

/** Whether a space is written before a text, and whether it is cut into words. Throws a fault where an option is
 * missing or none. */
export function byteLevelOptions(component: Component): { prefixed: boolean; words: boolean } {
  flagOption(component, "trim_offsets"); // of offsets, which nothing here asks for
  return {
    prefixed: flagOption(component, "add_prefix_space"),
    words: flagOption(component, "use_regex", true),
  };
}
