// Opens a saved session on the page: as one step of history, so that Undo leads back to what was there.
import { HISTORY_LIMIT } from "../../session/history.ts";
import { ask } from "../../session/question.ts";
import { restoreSession } from "./session.ts";
import type { SavedSession, SavedTree } from "./types.ts";
import type { Session } from "../../session/types.ts";

/** The saved session with every id moved up by `by`: no node of it can be taken for one that is there. */
function renumber(saved: SavedSession, by: number): SavedSession {
  const tree = ({ branches, current }: SavedTree): SavedTree => ({
    branches: branches.map(({ id, name, tip }) => ({ id: id + by, name, tip: tip + by })),
    current: current === null ? null : current + by,
  });
  return {
    ...saved,
    nextId: saved.nextId + by,
    tree: tree(saved.tree),
    past: [],
    future: [],
    roots: saved.roots.map((root) => ({ ...root, id: root.id + by })),
    steps: saved.steps.map((step) => ({ ...step, id: step.id + by, parent: step.parent + by })),
    scores: saved.scores.map(({ root, tokens }) => ({ root: root + by, tokens })),
  };
}

/** The page goes on with the paths, the settings and the prompt of a saved session. */
export function openSaved(session: Session, saved: SavedSession): Session {
  const opened = restoreSession(session, renumber(saved, session.nextId));
  const empty = session.tree.branches.length === 0;
  const past = empty ? session.past : [...session.past, session.tree].slice(-HISTORY_LIMIT);
  const promptScores = new Map([...session.promptScores, ...opened.promptScores]);
  return ask({ ...opened, past, promptScores }, "navigate");
}
