// Tokens that are typed into a field of the sampling tab: by their id, or by their text, which the server tokenises.
import { useState } from "preact/hooks";
import type { Token } from "../../lib/wire/token.ts";
import type { Api } from "../../lib/explorer/asking/api.ts";
import type { TypedToken } from "../../lib/explorer/settings/list_fields.ts";
import { count } from "../../lib/explorer/words/format.ts";

interface TypedTokensOptions {
  readonly api: Api;
  /** Number of tokens of the model; 0: not known. */
  readonly vocabulary: number;
  readonly onNotice: (text: string) => void;
}

export interface TypedTokens {
  /** Every token that was typed as text. */
  readonly pills: ReadonlyMap<number, Token>;
  /** Gives the token to `use`, for a text when the server has said which it is. A sentence says why there is none. */
  readonly take: (token: TypedToken, use: (id: number) => void) => string | null;
}

export function useTypedTokens({ api, vocabulary, onNotice }: TypedTokensOptions): TypedTokens {
  const [pills, setPills] = useState<ReadonlyMap<number, Token>>(new Map());
  const ask = async (text: string, use: (id: number) => void) => {
    const answer = await api.tokenize(text, new AbortController().signal).catch(() => null);
    if (answer === null) return onNotice("The server did not answer. Add it again.");
    const [first, ...rest] = answer.tokens;
    if (first === undefined) return onNotice("The tokenizer has no token for this text.");
    if (rest.length > 0) onNotice(`"${text}" is ${answer.tokens.length} tokens; the first one was taken.`);
    setPills((known) => new Map([...known, [first.id, first]]));
    use(first.id);
  };
  return {
    pills,
    take({ id, text }, use) {
      if (id === null) void ask(text, use);
      else if (vocabulary > 0 && id >= vocabulary) {
        return `The model's tokens are #0 to #${count(vocabulary - 1)}.`;
      } else use(id);
      return null;
    },
  };
}
