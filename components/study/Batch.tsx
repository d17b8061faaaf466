/// <reference lib="dom" />
// A list of prompts, asked one after the other under the present settings.
import { batchCsv, type BatchRow, formatFirstShare, promptsOf } from "../../lib/explorer/study/batch.ts";
import type { Study } from "../../lib/explorer/study/store.ts";
import type { Stores } from "../../lib/explorer/stores/stores.ts";
import { formatBits, perplexityText } from "../../lib/explorer/words/format.ts";
import { saveFile } from "../../lib/explorer/share/exports/browser.ts";
import { exportName } from "../../lib/explorer/share/exports/file.ts";
import { ActionButton } from "../ActionButton.tsx";
import { TokenText } from "../TokenText.tsx";
import { Explained } from "../Explained.tsx";
import { useKept } from "../kept.ts";
import { directField } from "../direction.ts";

function Row({ row }: { row: BatchRow }) {
  const { prompt, problem, first, entropyBits, totals } = row;
  return (
    <tr>
      <td class="study-prompt" dir="auto">{prompt}</td>
      {problem !== "" ? <td colSpan={4} class="status">{problem}</td> : (
        <>
          <td class="t">{first !== null && <TokenText rendering={first} />}</td>
          <td class="num">{formatFirstShare(row)}</td>
          <td class="num">{entropyBits === null ? "–" : formatBits(entropyBits)}</td>
          <td class="num">{totals === null ? "–" : perplexityText(totals.perplexity)}</td>
        </>
      )}
    </tr>
  );
}

function Rows({ rows }: { rows: readonly BatchRow[] }) {
  return (
    <div class="tablewrap" tabIndex={0} role="group" aria-label="The prompts and what comes next">
      <table>
        <thead>
          <tr>
            <th>Prompt</th>
            <th>Next</th>
            <th class="num">Its share</th>
            <th class="num">
              <Explained term="entropy">Uncertainty, bits</Explained>
            </th>
            <th class="num">
              <Explained term="perplexity">Perplexity of the prompt</Explained>
            </th>
          </tr>
        </thead>
        <tbody>{rows.map((row, at) => <Row key={at} row={row} />)}</tbody>
      </table>
    </div>
  );
}

export function Batch({ study, stores }: { study: Study; stores: Stores }) {
  const [list, setList] = useKept(stores, "prompts", "");
  const rows = study.rows.value;
  const count = promptsOf(list).length;
  const save = () => {
    const name = exportName("csv", { text: "prompts", date: new Date() });
    saveFile({ name, type: "text/csv", content: batchCsv(rows) });
  };
  return (
    <section aria-labelledby="batch-label">
      <h3 id="batch-label">A list of prompts</h3>
      <label class="study-field">
        <span>One prompt a line; \n stands for a line break</span>
        <textarea
          rows={3}
          {...directField(list)}
          class="field"
          spellcheck={false}
          value={list}
          onInput={(event) => setList(event.currentTarget.value)}
        />
      </label>
      <div class="bar wrap">
        <ActionButton class="btn" enabled={count > 0} onPress={() => study.run(list)}>
          Run {count} prompt{count === 1 ? "" : "s"}
        </ActionButton>
        <span class="grow" />
        {rows.length > 0 && <ActionButton class="btn sm" onPress={save}>Save as CSV</ActionButton>}
      </div>
      {rows.length > 0 && <Rows rows={rows} />}
    </section>
  );
}
