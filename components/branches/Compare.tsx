// Two paths side by side: the first different token is filled in the first and underlined in the second.
import type { ComparedSide, ComparedToken, CompareView } from "../../lib/explorer/views/compare_view.ts";
import { Fragment } from "preact";
import type { PathMark } from "../../lib/explorer/views/branch_view.ts";
import { TokenInText, TokenText } from "../TokenText.tsx";
import { Explained } from "../Explained.tsx";
import { round } from "../../lib/basics/round.ts";
import { Written } from "../Written.tsx";

function Mark({ side: { mark } }: { side: ComparedSide }) {
  return <span class={`path-mark path-mark-${mark}`} aria-hidden="true">{mark}</span>;
}

function Side({ side }: { side: ComparedSide }) {
  return (
    <section aria-label={`Path ${side.mark}: ${side.name}`}>
      <p class="compare-name">
        <Mark side={side} />
        {side.name}
      </p>
      <p class="compared" dir="auto" tabIndex={0} role="group" aria-label={`Text of ${side.name}`}>
        {side.cut && "… "}
        {side.tokens.length === 0 ? <span class="note">nothing behind the prompt</span> : side.tokens.map((
          token,
          at,
        ) =>
          token.parting
            ? (
              <mark key={at}>
                <TokenInText rendering={token.rendering} />
              </mark>
            )
            : (
              <span key={at}>
                <TokenInText rendering={token.rendering} />
              </span>
            )
        )}
      </p>
      <p class="note num">
        <Written text={side.summary} />
      </p>
    </section>
  );
}

function Cell({ token, mark }: { token: ComparedToken | null; mark: PathMark }) {
  if (token === null) return <td colSpan={2} class="note">–</td>;
  return (
    <>
      <td class="t">
        <TokenText rendering={token.rendering} />
      </td>
      <td class="num">
        <svg class="share" width="56" height="8" aria-hidden="true">
          <rect class={`share-${mark}`} width={round(token.share * 56, 1)} height="8" />
        </svg>
        <Written text={`${token.p} %`} />
      </td>
    </>
  );
}

function Steps({ view }: { view: CompareView }) {
  const { steps, stepsLeft: left } = view;
  return (
    <div class="compare-steps" tabIndex={0} role="group" aria-label="Probabilities at each step">
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {[view.a, view.b].map((side) => (
              <Fragment key={side.mark}>
                <th scope="col">
                  <Mark side={side} />
                  {side.name}
                </th>
                <th scope="col" class="num">
                  Probability<span class="sr">in {side.name}</span>
                </th>
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, a, b }) => (
            <tr key={step}>
              <th scope="row">{step}</th>
              <Cell token={a} mark={view.a.mark} />
              <Cell token={b} mark={view.b.mark} />
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p class="note">… and {left} more</p>}
    </div>
  );
}

export function Compare({ view }: { view: CompareView }) {
  return (
    <div class="compare-all">
      <div class="compare">
        <Side side={view.a} />
        <Side side={view.b} />
      </div>
      <p class="note" role="status">
        <Written text={view.parting} />
      </p>
      {view.facts.length > 0 && (
        <dl class="compare-facts">
          {view.facts.map(({ label, value, term }) => (
            <div key={label}>
              <dt>
                <Explained term={term}>{label}</Explained>
              </dt>
              <dd class="num">
                <Written text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {view.steps.length > 0 && <Steps view={view} />}
    </div>
  );
}
