// Tokens that are typed into a field of the sampling tab: by their id, or by their text, which the server tokenises.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Token } from "../../wire/token.ts";
import type { Api } from "./api.ts";
import type { Explorer } from "./explorer.ts";
import type { TypedToken } from "../settings/list_fields.ts";
import { readyModel } from "../session/model.ts";
import { count } from "../words/format.ts";

export interface TypedTokens {
  /** Every token of the present tokenizer that was typed as text, by its id. */
  readonly known: ReadonlySignal<ReadonlyMap<number, Token>>;
  /** Gives the token to `use`, for a text when the server has said which it is. A sentence says why there is none. */
  take(token: TypedToken, use: (id: number) => void): string | null;
  stop(): void;
}

/** Ids mean nothing to another tokenizer. */
interface Known {
  readonly tokenizer: string | null;
  readonly tokens: ReadonlyMap<number, Token>;
}

const NONE: Known["tokens"] = new Map();

interface TypedTokensOptions {
  readonly explorer: Explorer;
  readonly api: Api;
  readonly onNotice: (text: string) => void;
}

/** Turns what is typed for a list of tokens (bias, DRY breakers) into ids. */
export function createTypedTokens({ explorer, api, onNotice }: TypedTokensOptions): TypedTokens {
  const typed = signal<Known>({ tokenizer: null, tokens: NONE });
  const tokenizer = computed(() => readyModel(explorer.session.value)?.tokenizerKey ?? null);
  const known = computed(() => typed.value.tokenizer === tokenizer.value ? typed.value.tokens : NONE);
  const stopped = new AbortController();

  async function ask(text: string, use: (id: number) => void): Promise<void> {
    const key = readyModel(explorer.session.value)?.key ?? null;
    const answer = await api.tokenize(text, key, stopped.signal).catch(() => null);
    if (stopped.signal.aborted) return;
    if (answer === null) return onNotice("The server did not answer. Add it again.");
    const [first, ...rest] = answer.tokens;
    if (first === undefined) return onNotice("The tokenizer has no token for this text.");
    if (rest.length > 0) onNotice(`"${text}" is ${answer.tokens.length} tokens; the first one was taken.`);
    const { tokenizer_key } = answer;
    const before = typed.value.tokenizer === tokenizer_key ? typed.value.tokens : NONE;
    typed.value = { tokenizer: tokenizer_key, tokens: new Map([...before, [first.id, first]]) };
    use(first.id);
  }

  return {
    known,
    stop: () => stopped.abort(),
    take({ id, text }, use) {
      const vocabulary = readyModel(explorer.session.value)?.vocabulary ?? 0;
      if (id === null) void ask(text, use);
      else if (vocabulary > 0 && id >= vocabulary) {
        return `The model's tokens are #0 to #${count(vocabulary - 1)}.`;
      } else use(id);
      return null;
    },
  };
}
