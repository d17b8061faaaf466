// The tab "Study": what the text is worth, two readings in lockstep, a list of prompts.
import { useEffect } from "preact/hooks";
import { createStudy } from "../../lib/explorer/study/store.ts";
import type { PanelProps } from "../more/panel_props.ts";
import { Batch } from "./Batch.tsx";
import { Lockstep } from "./Lockstep.tsx";
import { TextWorth } from "./TextWorth.tsx";

export function StudyTab({ session, stores }: PanelProps) {
  const study = stores.late(createStudy);
  useEffect(study.score, [session.answer]);
  const [busy, problem] = [study.busy.value, study.problem.value];
  return (
    <div class="tools study">
      <TextWorth scores={study.scores.value} />
      <Lockstep study={study} session={session} stores={stores} />
      <Batch study={study} stores={stores} />
      {(busy !== "" || problem !== "") && (
        <p class="study-state note" role="status">
          {busy !== "" ? busy : problem}
          {busy !== "" && <button type="button" class="btn quiet sm" onClick={study.stop}>Stop</button>}
        </p>
      )}
    </div>
  );
}
