// The page. The first paint already shows the real state of the model.
import Explorer from "../islands/Explorer.tsx";
import { modelStatusOf } from "../lib/api/http/model_status.ts";
import { define } from "../lib/define.ts";

/** A beginning with many good answers: the bars are worth a look before anything is typed. */
const FIRST_PROMPT = "The best thing about living by the sea is";

export default define.page(function Index({ state }) {
  return <Explorer status={modelStatusOf(state.engine.status())} prompt={FIRST_PROMPT} />;
});
