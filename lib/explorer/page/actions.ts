// Everything a user can do, as functions without arguments of the session: what components call.
import { deleteBranch, renameBranch, switchBranch } from "../session/branches.ts";
import { addMessage, editMessage, removeMessage } from "../session/chat_model.ts";
import { keyIdsOf } from "../views/dist_rows.ts";
import { retry, stopAsking } from "../moves/model_moves.ts";
import { PLAY_TOKENS } from "../session/new_session.ts";
import type { Page } from "./page.ts";
import * as path from "../moves/path_moves.ts";
import { pin } from "../session/pins.ts";
import { inspectedPlaceOf } from "../session/inspection.ts";
import { togglePlay } from "../moves/play.ts";
import * as prompt from "../moves/prompt_moves.ts";
import type { Sampling } from "../settings/sampling.ts";
import * as settings from "../moves/setting_moves.ts";
import type { Choice } from "../session/step_record.ts";
import type { JsonObject } from "../../wire/token.ts";
import { focusNextTurn } from "./focus.ts";
import type { Display } from "../session/display.ts";
import type { BranchId, Draft, Session } from "../session/types.ts";

/** The candidate that a number key means: kept tokens only. */
function appendAt(session: Session, index: number): Session {
  const id = session.answer === null ? undefined : keyIdsOf(session.answer.dist)[index];
  return id === undefined ? session : path.append(session, id);
}

function nameOf({ tree }: Session, id: BranchId): string {
  return tree.branches.find((branch) => branch.id === id)?.name ?? "";
}

type Dispatch = Page["dispatch"];

export type Actions = ReturnType<typeof createActions>;

/** What components can do, by subject: each action is one move on the session. */
export function createActions({ dispatch, explorer, peek }: Pick<Page, "dispatch" | "explorer" | "peek">) {
  return {
    ...promptActions(dispatch),
    /** At once, also before the stored session is there: the box is drawn from the draft, again and again. */
    editText: (text: string) => explorer.dispatch((now) => prompt.editText(now, text)),
    ...pathActions(dispatch),
    ...branchActions(dispatch),
    ...settingActions(dispatch),
    /** For parts that are loaded later and bring moves of their own. */
    dispatch,
    preview: (id: number | null) => peek.hover(id),
    wantScores: () => peek.wantScores(),
  };
}

function promptActions(dispatch: Dispatch) {
  const chat = (change: (chat: Draft["chat"]) => Draft["chat"]) =>
    dispatch((now) => prompt.editChat(now, change(now.draft.chat)));
  return {
    start: () => dispatch((now) => prompt.start(now)),
    startKeeping: () => dispatch((now) => prompt.start(now, true)),
    setMode: (mode: Draft["mode"]) => dispatch((now) => prompt.setMode(now, mode)),
    setRole: (at: number, role: string) => chat((now) => editMessage(now, at, { role })),
    setContent: (at: number, content: string) => chat((now) => editMessage(now, at, { content })),
    removeMessage: (at: number) => chat((now) => removeMessage(now, at)),
    addMessage: () => chat(addMessage),
    setMore: (at: number, more: JsonObject) => chat((now) => editMessage(now, at, { more })),
    /** The reply becomes a message; the focus goes to the next turn. */
    takeReply: () => {
      dispatch(prompt.takeReply);
      focusNextTurn();
    },
    setOpen: (open: boolean) => chat((now) => ({ ...now, open })),
  };
}

function pathActions(dispatch: Dispatch) {
  return {
    step: () => dispatch((now) => path.step(now, "drawn")),
    greedy: () => dispatch((now) => path.step(now, "greedy")),
    togglePlay: () => dispatch(togglePlay),
    append: (id: number) => dispatch((now) => path.append(now, id)),
    appendAt: (index: number) => dispatch((now) => appendAt(now, index)),
    appendChoice: (choice: Choice) => dispatch((now) => path.appendChoice(now, choice)),
    pin: (id: number, pinned: boolean) => dispatch((now) => pin(now, id, pinned)),
    /** What nothing but the constraint decides. */
    appendForced: () => dispatch(path.appendForced),
    force: (text: string) => dispatch((now) => path.forceText(now, text)),
    remove: () => dispatch(path.removeLast),
    reset: () => dispatch(path.reset),
    clear: () => dispatch(prompt.clear),
    undo: () => dispatch(path.undo),
    redo: () => dispatch(path.redo),
    /** Null leads back to the end; so does the step that is inspected already. */
    inspect: (step: number | null) =>
      dispatch((now) => path.inspectStep(now, step === now.inspected ? null : step)),
    inspectPrompt: (at: number) =>
      dispatch((now) =>
        at === inspectedPlaceOf(now) ? path.inspectStep(now, null) : path.inspectPromptToken(now, at)
      ),
    retry: () => dispatch(retry),
    stopAsking: () => dispatch(stopAsking),
    /** Reads a text of another model with the present one, as a new branch. */
    readAgain: () => dispatch(prompt.readAgain),
  };
}

function branchActions(dispatch: Dispatch) {
  return {
    switchTo: (id: BranchId) =>
      dispatch((now) => path.changeBranches(now, (tree) => switchBranch(tree, id), `${nameOf(now, id)}.`)),
    rename: (id: BranchId, name: string) =>
      dispatch((now) => path.changeBranches(now, (tree) => renameBranch(tree, id, name), "Renamed.")),
    deleteBranch: (id: BranchId) =>
      dispatch((now) => {
        const said = `${nameOf(now, id)} deleted. Undo brings it back.`;
        return path.changeBranches(now, (tree) => deleteBranch(tree, id), said);
      }),
  };
}

function settingActions(dispatch: Dispatch) {
  return {
    temperature: (value: number) => dispatch((now) => settings.setTemperature(now, value)),
    temperatureBy: (by: number) => dispatch((now) => settings.changeTemperatureBy(now, by)),
    topK: (value: number) => dispatch((now) => settings.setTopK(now, value)),
    sampling: (change: (now: Sampling) => Sampling) =>
      dispatch((now) => settings.changeSampling(now, change(now.settings))),
    constraint: (constraint: Session["settings"]["constraint"]) =>
      dispatch((now) => settings.setConstraint(now, constraint)),
    resetHidden: () => dispatch(settings.resetHidden),
    unconstrain: () => dispatch(settings.unconstrain),
    display: (change: Partial<Display>) => dispatch((now) => settings.changeDisplay(now, change)),
    nextHeat: () => dispatch(settings.turnHeat),
    turnAxis: () => dispatch(settings.turnAxis),
    toggleTable: () => dispatch(settings.toggleTable),
    toggleExpert: () => dispatch((now) => settings.changeDisplay(now, { expert: !now.display.expert })),
    playTokens: (value: number) => {
      const playTokens = Math.round(Math.min(PLAY_TOKENS.max, Math.max(PLAY_TOKENS.min, value)));
      dispatch((now) => settings.changeDisplay(now, { playTokens }));
    },
    enable: (on: boolean) => dispatch((now) => settings.setEnabled(now, on)),
  };
}
