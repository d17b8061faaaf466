// What the fields of the tab "Sampling" do that name tokens by id: logit bias, sequence breakers, and what was set for
// another tokenizer.
import { changeSampling } from "../../lib/explorer/moves/setting_moves.ts";
import { type ReadyModel, readyModel } from "../../lib/explorer/session/model.ts";
import { parseBias, parseToken } from "../../lib/explorer/settings/list_fields.ts";
import {
  asideOf,
  dropAside,
  type IdParams,
  listTokenIds,
  nameIds,
  takeOver,
} from "../../lib/explorer/settings/named_ids.ts";
import type { Sampling } from "../../lib/explorer/settings/sampling.ts";
import type { IdsParam } from "../../lib/explorer/settings/stage_controls.ts";
import type { Token } from "../../lib/wire/token.ts";
import type { PanelProps } from "./panel_props.ts";

type Props = Pick<PanelProps, "session" | "stores" | "actions" | "onNotice">;

/** Changes settings that name ids of the model that serves now; nothing of it where another one does by then. */
function changeIds({ session, actions }: Props, make: (now: Sampling, model: ReadyModel) => Sampling): void {
  const key = readyModel(session)?.tokenizerKey;
  actions.dispatch((now) => {
    const model = readyModel(now);
    return model === null || model.tokenizerKey !== key
      ? now
      : changeSampling(now, make(now.settings, model));
  });
}

/** The callbacks of the fields that name tokens. */
export function createTokenCallbacks(props: Props) {
  const { session: { settings }, stores: { typedTokens } } = props;
  const name = (idParams: (now: Sampling) => Partial<IdParams>, tokens: readonly Token[] = []) =>
    changeIds(props, (now, model) => nameIds(now, idParams(now), model, tokens));
  return {
    onAddBias(typed: string) {
      const bias = parseBias(typed);
      if ("refused" in bias) return bias.refused;
      return typedTokens.take(bias, (id, tokens) => name((now) => withBias(now, id, bias.value), tokens));
    },
    onRemoveBias: (id: number) => name((now) => withBias(now, id, null)),
    onAddId: (param: IdsParam, text: string) =>
      typedTokens.take(
        parseToken(text),
        (id, tokens) => name(({ params }) => ({ [param]: [...new Set([...params[param], id])] }), tokens),
      ),
    onRemoveId: (param: IdsParam, id: number) =>
      name(({ params }) => ({ [param]: params[param].filter((other) => other !== id) })),
    onTakeOver(tokenizerKey: string) {
      const from = asideOf(settings).find((each) => each.tokenizerKey === tokenizerKey)!;
      typedTokens.takeOver(from, (found) => {
        changeIds(props, (now, model) => takeOver(now, from, found, model));
        const left = listTokenIds(from.params).length - found.size;
        if (left > 0) props.onNotice(`${left} of them ${left === 1 ? "is" : "are"} no single token here.`);
      });
    },
    onDrop: (tokenizerKey: string) => props.actions.sampling((now) => dropAside(now, { tokenizerKey })),
  };
}

/** Another bias of a token; null takes it away. */
function withBias({ params }: Sampling, id: number, value: number | null): Partial<IdParams> {
  const { [id]: _old, ...rest } = params.logit_bias;
  return { logit_bias: value === null ? rest : { ...rest, [id]: value } };
}
