// POST /api/tokenize: the tokens of a text. Types only.
import type { ForModel, ModelIdentity, Token } from "./token.ts";

export interface TokenizeInput extends ForModel {
  readonly text: string;
}

export interface TokenizeResult extends ModelIdentity {
  readonly tokens: readonly Token[];
}
