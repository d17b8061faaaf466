// The text that is typed to be forced, and the tokens it would be.
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Token } from "../../wire/token.ts";
import type { Api } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import { latest } from "./latest.ts";
import { readyModel } from "../session/model.ts";

export interface ForcedText {
  readonly text: ReadonlySignal<string>;
  /** Of the text, or of what was typed a moment ago. */
  readonly tokens: ReadonlySignal<readonly Token[]>;
  type(text: string): void;
  /** Asks again when another tokenizer is in use. Returns the way to stop. */
  open(): () => void;
}

/** The text of Force text, tokenised as it is typed. */
export function createForcedText(explorer: Explorer, api: Api): ForcedText {
  const text = signal("");
  const tokens = signal<readonly Token[]>([]);
  const asking = latest((signal, typed: string) =>
    api.tokenize(typed, readyModel(explorer.session.value)?.key ?? null, signal, "force")
  );
  const tokenizer = computed(() => readyModel(explorer.session.value)?.tokenizerKey ?? null);
  const type = (typed: string) => {
    text.value = typed;
    asking.stop();
    if (typed === "") return void (tokens.value = []);
    void asking.ask(typed).then((found) => {
      if (found.kind === "value") tokens.value = found.value.tokens;
    });
  };
  return {
    ...{ text, tokens, type },
    open() {
      const leave = effect(() => {
        if (tokenizer.value !== null) untracked(() => type(text.value));
      });
      return () => {
        leave();
        asking.stop();
      };
    },
  };
}
