// The leaves of a look-ahead tree grouped by answer, each with what it has at least, and the rest.
import { useState } from "preact/hooks";
import type { AheadTree } from "../../lib/explorer/asking/tree_expansion.ts";
import { type AheadAnswers, type AnswerKind, answersOf } from "../../lib/explorer/asking/ahead_view.ts";
import { Segmented } from "../Segmented.tsx";
import { Explained } from "../Explained.tsx";
import { formatPathProbability } from "../../lib/explorer/words/format.ts";
import { Written } from "../Written.tsx";

const KINDS = [{ value: "text", label: "Whole text" }, { value: "word", label: "First word" }] as const;
const MOST_ROWS = 30;

function Rows({ answers, rest }: AheadAnswers) {
  const shown = answers.slice(0, MOST_ROWS);
  const left = answers.slice(MOST_ROWS).reduce((sum, { least }) => sum + least, 0);
  const written = (p: number) => <Written text={formatPathProbability(Math.log(p))} />;
  return (
    <>
      {shown.map(({ text, least, count }) => (
        <tr key={text}>
          <td class="t" dir="auto">{text === "" ? "(the text ends)" : text}</td>
          <td class="num">{count}</td>
          <td class="num">{written(least)}</td>
          <td class="num">{written(Math.min(1, least + rest))}</td>
        </tr>
      ))}
      {left > 0 && (
        <tr>
          <td>{answers.length - MOST_ROWS} more answers</td>
          <td />
          <td class="num">{written(left)}</td>
          <td />
        </tr>
      )}
      <tr class="rest">
        <td>Unexplored</td>
        <td />
        <td class="num">{written(rest)}</td>
        <td />
      </tr>
    </>
  );
}

export function Answers({ tree }: { tree: AheadTree }) {
  const [kind, setKind] = useState<AnswerKind>("text");
  const { answers, rest } = answersOf(tree, kind);
  return (
    <div class="answers">
      <Segmented label="An answer is" value={kind} options={KINDS} onChange={setKind} />
      <table>
        <caption class="sr">Answers by probability</caption>
        <thead>
          <tr>
            <th>Answer</th>
            <th class="num">Ways</th>
            <th class="num">
              <Explained term="least">At least</Explained>
            </th>
            <th class="num">
              <Explained term="most">At most</Explained>
            </th>
          </tr>
        </thead>
        <tbody>
          <Rows answers={answers} rest={rest} />
        </tbody>
      </table>
    </div>
  );
}
