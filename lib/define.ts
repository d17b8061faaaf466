// What every request carries, and Fresh's typed helpers over it.
import { createDefine } from "fresh";
import type { Config } from "./config.ts";
import type { Engine } from "./inference/types.ts";

export interface State {
  engine: Engine;
  config: Config;
  /** One-time value that the content security policy and the page's scripts share. */
  nonce: string;
}

export const define = createDefine<State>();
