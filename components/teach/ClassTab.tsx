/// <reference lib="dom" />
// The tab "Class": many draws, guesses, the softmax, the way for the class to this page, the lock on the model.
import { useState } from "preact/hooks";
import { drawMany, tabulateDraws, tabulateSoftmax } from "../../lib/explorer/teach/draws.ts";
import { createGuesses, guessScore } from "../../lib/explorer/teach/guesses.ts";
import type { Draws as TeachingDraws } from "../../lib/explorer/teach/teaching_store.ts";
import type { DistResult } from "../../lib/wire/distribution.ts";
import { ActionButton } from "../ActionButton.tsx";
import type { PanelProps } from "../more/panel_props.ts";
import { NumberField } from "../sampling/NumberField.tsx";
import { TokenText } from "../TokenText.tsx";
import { Address } from "./Address.tsx";
import { Explained } from "../Explained.tsx";

const DRAWS = 100;

function DrawsTable({ dist, draws }: { dist: DistResult; draws: TeachingDraws }) {
  return (
    <div class="tablewrap" tabIndex={0} role="group" aria-label="Draws, and how many were to be expected">
      <table>
        <thead>
          <tr>
            <th>Token</th>
            <th class="num">Drawn</th>
            <th class="num">Expected</th>
            <th class="num">
              <Explained term="spread">±</Explained>
            </th>
          </tr>
        </thead>
        <tbody>
          {tabulateDraws(dist, draws.counts, draws.total).map((
            { id, rendering, drawn, expected, spread },
          ) => (
            <tr key={id ?? "other"} class={id === null ? "rest" : undefined}>
              <td class="t">{rendering === null ? "All others" : <TokenText rendering={rendering} />}</td>
              <td class="num">{drawn}</td>
              <td class="num">{expected}</td>
              <td class="num">{spread}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A hundred draws from the bars, again and again the same with the same seed. */
function Draws({ session: { answer }, teaching }: PanelProps) {
  const [seed, setSeed] = useState(1);
  const draws = teaching.draws.value;
  const shown = draws !== null && answer !== null && draws.number === answer.number;
  const draw = (next: number) => {
    if (answer === null) return;
    setSeed(next);
    teaching.showDraws({ number: answer.number, total: DRAWS, counts: drawMany(answer.dist, next, DRAWS) });
  };
  return (
    <section aria-labelledby="draws-label">
      <h3 id="draws-label">Many draws</h3>
      <div class="bar wrap">
        <ActionButton class="btn" enabled={answer !== null} onPress={() => draw(shown ? seed + 1 : seed)}>
          Draw {DRAWS} times
        </ActionButton>
        <label class="group">
          <span>Seed</span>
          <NumberField whole value={seed} onValue={draw} />
        </label>
        {shown && (
          <ActionButton class="btn quiet sm" onPress={() => teaching.showDraws(null)}>
            Hide the counts
          </ActionButton>
        )}
      </div>
      {shown && <DrawsTable dist={answer.dist} draws={draws} />}
    </section>
  );
}

function Guessing({ stores, teaching }: PanelProps) {
  const guesses = stores.late(createGuesses);
  return (
    <section aria-labelledby="guessing-label">
      <h3 id="guessing-label">Guess first</h3>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={teaching.guessing.value}
          onChange={(event) => teaching.guess(event.currentTarget.checked)}
        />
        <i aria-hidden="true" />Hide the bars until somebody has guessed
      </label>
      <p class="note">{guessScore(guesses.made.value)}</p>
    </section>
  );
}

/** The way from a logit to a probability, a column a step. */
function SoftmaxTable({ rows }: Pick<NonNullable<ReturnType<typeof tabulateSoftmax>>, "rows">) {
  return (
    <table>
      <thead>
        <tr>
          <th>Token</th>
          <th class="num">
            <Explained term="logit">z</Explained>
          </th>
          <th class="num">
            <Explained term="scaled_logit">(z − max) / T</Explained>
          </th>
          <th class="num">
            <Explained term="exponential">e^…</Explained>
          </th>
          <th class="num">
            <Explained term="softmax">÷ Σ, %</Explained>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, rendering, logit, scaled, power, share }) => (
          <tr key={id}>
            <td class="t">
              <TokenText rendering={rendering} />
            </td>
            <td class="num">{logit}</td>
            <td class="num">{scaled}</td>
            <td class="num">{power}</td>
            <td class="num">{share}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Logit, divided by the temperature, power, share. */
function Softmax({ session: { answer } }: PanelProps) {
  const table = answer === null ? null : tabulateSoftmax(answer.dist, answer.settings.params.temperature);
  if (table === null) return null;
  return (
    <section aria-labelledby="softmax-label">
      <h3 id="softmax-label">From logits to probabilities</h3>
      <p class="note">
        The model gives a score z, its logit, to each token. Divided by T ={" "}
        {table.temperature}, as power of e and divided by the sum of all ({table.sum}), it is the probability.
      </p>
      <div class="tablewrap" tabIndex={0} role="group" aria-label="Softmax of the candidates">
        <SoftmaxTable rows={table.rows} />
      </div>
    </section>
  );
}

export function ClassTab(props: PanelProps) {
  const { teaching } = props;
  const hidden = teaching.hides(props.session.answer);
  return (
    <div class="tools class">
      <Draws {...props} />
      <Guessing {...props} />
      <section aria-labelledby="projector-label">
        <h3 id="projector-label">Projector</h3>
        <ActionButton
          class="btn"
          pressed={teaching.presenting.value}
          tip="P"
          onPress={() => teaching.present(!teaching.presenting.value)}
        >
          {teaching.presenting.value ? "Back to the whole page" : "Large type, nothing besides"}
        </ActionButton>
      </section>
      <Address stores={props.stores} />
      {!hidden && <Softmax {...props} />}
    </div>
  );
}
