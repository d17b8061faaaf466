// The same candidates as a table, as text.
import type { DistRow, DistView } from "../../lib/explorer/views/dist_rows.ts";
import { TokenText } from "../TokenText.tsx";
import { Explained } from "../Explained.tsx";
import { Written } from "../Written.tsx";

function Row({ row }: { row: DistRow }) {
  return (
    <tr class={row.kept ? undefined : "cut"} aria-current={row.chosen ? true : undefined}>
      <td>{row.rank}</td>
      <th scope="row" class="t">
        <span aria-hidden="true">
          <TokenText rendering={row.rendering} />
        </span>
        <span class="sr">{row.rendering.spoken}</span>
      </th>
      <td class="num">{row.id}</td>
      <td class="num logit">{row.logit}</td>
      <td class="num logit">
        <Written text={row.logprob} />
      </td>
      <td class="num">
        <Written text={row.raw} />
      </td>
      <td class="num">
        <Written text={row.final} />
      </td>
      <td class="status">{row.kept ? row.drawn ? "drawn" : "kept" : row.reason}</td>
    </tr>
  );
}

function Rest({ other }: Pick<DistView, "other">) {
  return (
    <tr class="rest">
      <td></td>
      <th scope="row">{other.label}</th>
      <td></td>
      <td class="logit"></td>
      <td class="logit"></td>
      <td class="num">
        <Written text={other.raw} />
      </td>
      <td class="num">
        <Written text={other.final} />
      </td>
      <td></td>
    </tr>
  );
}

export function DistTable({ view }: { view: DistView }) {
  return (
    <div class="tablewrap" tabIndex={0} role="group" aria-label="Table of the candidates">
      <table>
        <caption class="sr">Candidates for the next token, most probable first</caption>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Token</th>
            <th scope="col" class="num">Id</th>
            <th scope="col" class="num logit">
              <Explained term="logit">Score</Explained>
            </th>
            <th scope="col" class="num logit">
              <Explained term="log_probability">Log p</Explained>
            </th>
            <th scope="col" class="num">
              <Explained term="raw">Raw %</Explained>
            </th>
            <th scope="col" class="num">
              <Explained term="final">Final %</Explained>
            </th>
            <th scope="col" class="status">Status</th>
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => <Row key={row.id} row={row} />)}
          <Rest other={view.other} />
        </tbody>
      </table>
    </div>
  );
}
