// The tab "Constraint" over the session: the desk where it is written, and the worker that checks it.
import { useEffect } from "preact/hooks";
import type { ConstraintDesk } from "../../lib/explorer/constraints/desk.ts";
import { type ConstraintTools, createConstraintTools } from "../../lib/explorer/constraints/tools.ts";
import { barredView, type XrayView, xrayView } from "../../lib/explorer/constraints/xray_view.ts";
import { readyModel } from "../../lib/explorer/session/model.ts";
import { completionText } from "../../lib/explorer/session/path_text.ts";
import { placeOf } from "../../lib/explorer/session/question.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { ConstraintPanel } from "../constraints/ConstraintPanel.tsx";
import { createSpawn } from "../constraints/worker_port.ts";
import { ChoiceScores } from "./ChoiceScores.tsx";
import type { PanelProps } from "./panel_props.ts";

/** Desk and scores, which live as long as the page: what was written waits there while other tabs are open. */
function useTools({ actions, stores }: PanelProps): ConstraintTools | null {
  useEffect(() => {
    stores.openConstraint((api, constraint) =>
      createConstraintTools({ api, constraint, apply: actions.constraint, spawn: createSpawn() })
    );
  }, []);
  return stores.constraint.value;
}

function xrayOf(session: Session, desk: ConstraintDesk): XrayView | null {
  const { answer, settings: { constraint } } = session;
  const [position, checked, node] = [desk.position.value, desk.checked.value, placeOf(session)];
  if (!constraint.enabled || position === null || node === null) return null;
  if (checked === null || "refused" in checked) return null;
  return xrayView({
    type: desk.draft.value.type,
    valid: checked,
    position,
    text: completionText(node),
    state: answer?.node === node ? answer.dist.constraint ?? null : null,
    vocabulary: readyModel(session)?.vocabulary ?? 0,
  });
}

export function ConstraintTab(props: PanelProps) {
  const { session, actions, ghost } = props;
  const tools = useTools(props);
  const desk = tools?.desk ?? null;
  const pointed = ghost.value?.id ?? null;
  useEffect(() => desk?.follow(session, pointed), [desk, session, pointed]);
  if (tools === null || desk === null) return null;
  const { type } = desk.draft.value;
  const barred = desk.barred.value;
  return (
    <ConstraintPanel
      draft={desk.draft.value}
      checked={desk.checked.value}
      position={desk.position.value}
      xray={xrayOf(session, desk)}
      barred={barred === null ? null : barredView(barred, type)}
      onKind={(kind) => desk.choose(kind)}
      onWrite={(text) => desk.write(text)}
      onSettings={(settings) => desk.arrange(settings)}
      onForced={actions.appendForced}
    >
      {type === "multiple_choice" && (
        <ChoiceScores
          store={tools.scores}
          session={session}
          written={desk.draft.value.schema}
          onWrite={(text) => desk.write(text)}
        />
      )}
    </ConstraintPanel>
  );
}
