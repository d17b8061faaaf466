// A session as plain data: what is stored, what JSON export writes, and the way back.
import { currentTip } from "../../session/branches.ts";
import { modelIdOf, readyModel } from "../../session/model.ts";
import { NO_STEP } from "../../session/new_session.ts";
import { inspect, inspectedPlaceOf } from "../../session/inspection.ts";
import { collectReachable } from "../../session/history.ts";
import { fitIds, type TokenizerOf } from "../../settings/named_ids.ts";
import { FORMAT, type SavedSession, type SavedTree, VERSION } from "./types.ts";
import { createStep, rootOf } from "../../session/tree.ts";
import type { Params } from "../../../sampling/params.ts";
import type { RootNode, Session, StepNode, Tree, TreeNode } from "../../session/types.ts";

/** Steps of undo that are stored. */
const STORED_HISTORY = 100;

/** Numbers the settings of steps: most steps share theirs. */
function createParamsTable() {
  const table: Params[] = [];
  const places = new Map<Params | string, number>(); // by identity first: writing them out takes a while
  const placeOf = (params: Params): number => {
    const key = JSON.stringify(params);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, table.length);
    return table.push(params) - 1;
  };
  return {
    table,
    place(params: Params): number {
      const place = places.get(params) ?? placeOf(params);
      places.set(params, place);
      return place;
    },
  };
}

function saveTree({ branches, current }: Tree): SavedTree {
  return { branches: branches.map(({ id, name, tip }) => ({ id, name, tip: tip.id })), current };
}

/** A session as it is stored or exported. */
export function saveSession(session: Session, savedAt: Date): SavedSession {
  const past = session.past.slice(-STORED_HISTORY);
  const future = session.future.slice(0, STORED_HISTORY);
  const nodes = [...collectReachable({ tree: session.tree, past, future })];
  const params = createParamsTable();
  const steps = nodes.filter((node): node is StepNode => node.kind === "step").map((
    { id, parent, record: { constraint: _, ...record } },
  ) => ({
    ...record,
    id,
    parent: parent.id,
    params: params.place(record.params),
  }));
  const roots = nodes.filter((node): node is RootNode => node.kind === "root");
  const known = new Set(roots.map(({ id }) => id));
  return {
    format: FORMAT,
    version: VERSION,
    savedAt: savedAt.toISOString(),
    model: modelIdOf(session),
    draft: session.draft,
    settings: session.settings,
    look: typeof session.inspected === "number" ? session.inspected : null,
    promptLook: typeof session.inspected === "number" ? null : inspectedPlaceOf(session),
    nextId: session.nextId,
    tree: saveTree(session.tree),
    past: past.map(saveTree),
    future: future.map(saveTree),
    params: params.table,
    scores: [...session.promptScores].filter(([root]) => known.has(root))
      .map(([root, tokens]) => ({ root, tokens })),
    roots: roots.map(({ id, source, read }) => ({ id, source, read })),
    steps,
  };
}

type Nodes = ReadonlyMap<number, TreeNode>;

/** The nodes of a saved session. Throws a TypeError where a number leads nowhere. */
export function buildNodes({ roots, steps, params, nextId, ...head }: SavedSession): Nodes {
  const nodes = new Map<number, TreeNode>();
  const add = (node: TreeNode, at: string) => {
    if (nodes.has(node.id)) throw new TypeError(`${at}.id is ${node.id}, which another node has already.`);
    if (node.id >= nextId) throw new TypeError(`${at}.id is ${node.id}, but nextId is ${nextId}.`);
    nodes.set(node.id, node);
  };
  roots.forEach(({ id, source, read }, at) => {
    add({ kind: "root", id, parent: null, depth: 0, source, read }, `roots[${at}]`);
  });
  steps.forEach(({ id, parent, params: place, ...rest }, at) => {
    const before = nodes.get(parent);
    const settings = params[place];
    if (before === undefined) {
      throw new TypeError(`steps[${at}].parent is ${parent}, but no node before it has that id.`);
    }
    if (before.kind === "root" && before.read === null) {
      throw new TypeError(`steps[${at}].parent is ${parent}, a prompt without tokens.`);
    }
    if (settings === undefined) {
      throw new TypeError(`steps[${at}].params is ${place}, but params has no such entry.`);
    }
    add(createStep(id, before, { ...rest, params: settings }), `steps[${at}]`);
  });
  [head.tree, ...head.past, ...head.future].forEach((tree) => buildTree(tree, nodes, nextId));
  return nodes;
}

function buildTree({ branches, current }: SavedTree, nodes: Nodes, nextId: number): Tree {
  const ids = new Set(branches.map(({ id }) => id));
  if (ids.size < branches.length) throw new TypeError("Two branches have the same id.");
  if (current !== null && !ids.has(current)) {
    throw new TypeError(`The current branch ${current} is not there.`);
  }
  return {
    branches: branches.map(({ id, name, tip }) => {
      const node = nodes.get(tip);
      if (node === undefined) {
        throw new TypeError(`The branch ${JSON.stringify(name)} ends at ${tip}, which is not there.`);
      }
      if (id >= nextId) {
        throw new TypeError(`The branch ${JSON.stringify(name)} has the id ${id}, but nextId is ${nextId}.`);
      }
      return { id, name, tip: node };
    }),
    current,
  };
}

/** The model whose ids an older page's settings name: the one that read the text. */
function readerOf(tree: Tree): TokenizerOf | null {
  const tip = currentTip(tree);
  const read = tip === null ? null : rootOf(tip).read;
  return read === null || read.tokenizerKey === null
    ? null
    : { tokenizerKey: read.tokenizerKey, id: read.modelId };
}

/** The session with everything that was saved; what the page knows of the model stays. Nothing is asked yet. */
export function restoreSession(session: Session, saved: SavedSession): Session {
  const nodes = buildNodes(saved);
  const tree = buildTree(saved.tree, nodes, saved.nextId);
  const depth = tree.branches.find(({ id }) => id === tree.current)?.tip.depth ?? 0;
  const restored: Session = {
    ...session,
    tree,
    past: saved.past.map((each) => buildTree(each, nodes, saved.nextId)),
    future: saved.future.map((each) => buildTree(each, nodes, saved.nextId)),
    nextId: saved.nextId,
    inspected: saved.look !== null && saved.look < depth ? saved.look : null,
    draft: saved.draft,
    settings: fitIds(saved.settings, readyModel(session), readerOf(tree)),
    promptScores: new Map(saved.scores.map(({ root, tokens }) => [root, tokens])),
    asked: session.asked + 1,
    activity: { kind: "idle", play: null },
    answer: null,
    lastStep: NO_STEP,
  };
  return saved.promptLook === null ? restored : inspect(restored, saved.promptLook);
}

/** The parts of a session that are stored: where these are the same, nothing has to be written. */
export function isSameToStore(a: Session, b: Session): boolean {
  return a.tree === b.tree && a.past === b.past && a.future === b.future && a.draft === b.draft &&
    a.settings === b.settings && a.inspected === b.inspected && a.promptScores === b.promptScores;
}
