// The same candidates as a table, for those who read rather than look.
import type { DistributionView } from "../lib/explorer/distribution_view.ts";
import { TokenText } from "./TokenText.tsx";

export function CandidateTable({ distribution }: { distribution: DistributionView }) {
  const { rows, other } = distribution;
  return (
    <div class="tablewrap" tabIndex={0} role="group" aria-label="Table of the candidates">
      <table>
        <caption class="sr">Candidates for the next token, most probable first</caption>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Token</th>
            <th scope="col" class="num">Id</th>
            <th scope="col" class="num">Log probability</th>
            <th scope="col" class="num">Probability %</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at} aria-current={row.chosen ? true : undefined}>
              <td>{row.rank}</td>
              <th scope="row" class="t">
                <span aria-hidden="true">
                  <TokenText look={row.look} />
                </span>
                <span class="sr">{row.look.spoken}</span>
              </th>
              <td class="num">{row.id}</td>
              <td class="num">{row.logprob}</td>
              <td class="num">{row.precise}</td>
            </tr>
          ))}
          <tr>
            <td></td>
            <th scope="row">{other.label}</th>
            <td></td>
            <td></td>
            <td class="num">{other.percent}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
