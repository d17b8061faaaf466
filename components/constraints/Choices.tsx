// The probability of each whole choice, and the greedy trap.
import type { ChoiceRow, ChoicesView } from "../../lib/explorer/constraints/choices_view.ts";
import { TriangleAlert } from "../icons.ts";
import { Explained } from "../Explained.tsx";
import { formatCoordinate } from "../../lib/basics/round.ts";

function Row({ row }: { row: ChoiceRow }) {
  return (
    <tr>
      <th scope="row">
        <code>{row.text}</code>
        {row.greedy && <small>greedy ends here</small>}
      </th>
      <td class="choice-bar">
        <svg aria-hidden="true">
          <rect class="rail" width="100%" height="10" rx="1" />
          <rect class="bar-final" width={`${formatCoordinate(row.length * 100, 2)}%`} height="10" rx="1" />
        </svg>
      </td>
      <td>{row.best ? <b>{row.share} %</b> : `${row.share} %`}</td>
      <td>{row.perToken}</td>
      <td>{row.pmi}</td>
    </tr>
  );
}

export function Choices({ view }: { view: ChoicesView }) {
  return (
    <>
      {view.trap !== null && (
        <p class="xray-warning trap">
          <TriangleAlert size={14} strokeWidth={1.9} />
          {view.trap}
        </p>
      )}
      <table class="choices">
        <thead>
          <tr>
            <th scope="col" colSpan={2}>Choice</th>
            <th scope="col">Share</th>
            <th scope="col">
              <Explained term="bits_per_token">Bits a token</Explained>
            </th>
            <th scope="col">
              <Explained term="pmi">Prompt adds</Explained>
            </th>
          </tr>
        </thead>
        <tbody>{view.rows.map((row) => <Row key={row.text} row={row} />)}</tbody>
      </table>
      <p class="note">
        Chain rule over the tokens of each choice behind the prompt, then scaled to 100 %.{" "}
        {view.notes.join(" ")}
      </p>
    </>
  );
}
