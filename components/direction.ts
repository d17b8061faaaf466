// Fields into which a text of any length can be pasted.
import { directionOf } from "../lib/explorer/words/direction.ts";

/** The `dir` of a field that holds `text`, told before a long text comes in as well: the field is laid out with it
 * before anything else hears of it. */
export function directField(text: string) {
  return {
    dir: directionOf(text),
    onBeforeInput(
      { currentTarget: field, data }: InputEvent & { readonly currentTarget: HTMLTextAreaElement },
    ) {
      const direction = directionOf(field.value.slice(0, field.selectionStart) + (data ?? ""));
      if (direction !== "auto") field.dir = direction;
    },
  };
}
