// Settings and views. A setting asks again for the same text: the server answers from the logits it keeps.
import { isBusy, questionOf, withoutNext } from "../session/activity.ts";
import { HEAT_SCALES, nextHeatOf } from "../words/heat.ts";
import { TEMPERATURE, TOP_K } from "../session/new_session.ts";
import { ask, askBody, includesOf, settingsKeyOf } from "../session/question.ts";
import { findTyped, isStillWritten } from "./typed_prompt.ts";
import { withoutHidden } from "../settings/hidden.ts";
import { type Sampling, setParam } from "../settings/sampling.ts";
import type { Display } from "../session/display.ts";
import type { QuestionBody, Session, Settings } from "../session/types.ts";

/** New settings. A draw or a text that is on its way comes first; then it is asked again. */
function changeSettings(session: Session, change: Partial<Settings>): Session {
  const settings = { ...session.settings, ...change };
  const next = { ...session, settings };
  if (settingsKeyOf(settings) === settingsKeyOf(session.settings)) return next;
  return askAgain(next);
}

function askAgain(session: Session): Session {
  const question = questionOf(session);
  if (session.activity.kind === "landing" || (question !== null && isUnderWay(question.body))) return session;
  const typed = findTyped(session); // it is not on the page yet
  if (typed !== null && isStillWritten(session, typed)) {
    return askBody(session, typed.body, typed.reason, typed.preface);
  }
  if (question === null || question.ofStep) return ask(session, "settings");
  return ask(session, question.reason, question.preface);
}

/** What only its answer brings: a draw, a text, a prompt with what it takes along. */
function isUnderWay(body: QuestionBody): boolean {
  if (body.kind === "step") return body.stands === null;
  return body.kind === "read" && body.kept !== null;
}

/** Other parameters or another preset: the bars are asked for anew. */
export function changeSampling(session: Session, sampling: Sampling): Session {
  return changeSettings(session, sampling);
}

/** A constraint that was checked. */
export function setConstraint(session: Session, constraint: Settings["constraint"]): Session {
  return changeSettings(session, { constraint });
}

/** The constraint off; what is written stays. */
export function unconstrain(session: Session): Session {
  return setConstraint(session, { ...session.settings.constraint, enabled: false });
}

/** Nothing in force but what the simple view shows. */
export function resetHidden(session: Session): Session {
  return changeSettings(session, withoutHidden(session.settings));
}

/** The temperature of the quick control: brought into 0..2; no number changes nothing. It leaves greedy: a slider that
 * does nothing would be a riddle. */
export function setTemperature(session: Session, temperature: number): Session {
  if (!Number.isFinite(temperature)) return session;
  const within = Math.min(TEMPERATURE.max, Math.max(TEMPERATURE.min, temperature));
  const { params, preset } = session.settings;
  const sampling: Sampling = params.greedy
    ? { params: { ...params, greedy: false }, preset: "custom" }
    : { params, preset };
  return changeSampling(session, setParam(sampling, "temperature", Math.round(within * 100) / 100));
}

/** Raises or lowers the temperature, and says the new one. */
export function changeTemperatureBy(session: Session, by: number): Session {
  const next = setTemperature(session, session.settings.params.temperature + by);
  return say(next, `Temperature ${next.settings.params.temperature}.`);
}

/** How many candidates are listed, 1..50; no number changes nothing. */
export function setTopK(session: Session, topK: number): Session {
  if (!Number.isFinite(topK)) return session;
  return changeSettings(session, { topK: Math.round(Math.min(TOP_K.max, Math.max(TOP_K.min, topK))) });
}

/** How things are shown. Asks only where a view needs more than the answer has. */
export function changeDisplay(session: Session, change: Partial<Display>): Session {
  const next = { ...session, display: { ...session.display, ...change } };
  const [before, after] = [includesOf(session), includesOf(next)];
  const more = after.some((each) => !before.includes(each));
  return more && next.answer !== null && !isBusy(next)
    ? ask(next, next.answer.key === null ? "auto" : "settings")
    : next;
}

function say(session: Session, announcement: string): Session {
  return { ...session, announcement };
}

/** The next scale of colours, announced: a key does it, and nothing else says so. */
export function turnHeat(session: Session): Session {
  const heat = nextHeatOf(session.display.heat);
  const { label } = HEAT_SCALES.find(({ value }) => value === heat)!;
  return say(changeDisplay(session, { heat }), `Colours: ${label.toLowerCase()}.`);
}

const AXES = { linear: "0 to 100 percent", zoom: "zoomed to the longest bar", log: "powers of ten" } as const;

/** The next axis, announced. */
export function turnAxis(session: Session): Session {
  const kinds = Object.keys(AXES) as (keyof typeof AXES)[];
  const axis = kinds[(kinds.indexOf(session.display.axis) + 1) % kinds.length]!;
  return say(changeDisplay(session, { axis }), `Axis: ${AXES[axis]}.`);
}

/** Bars or table, announced. */
export function toggleTable(session: Session): Session {
  const table = !session.display.table;
  return say(changeDisplay(session, { table }), table ? "Shown as a table." : "Shown as bars.");
}

/** The model on or off: off, nothing is asked and no distribution is shown. */
export function setEnabled(session: Session, enabled: boolean): Session {
  if (enabled === session.enabled) return session;
  const next = { ...session, enabled, activity: withoutNext(session) };
  return ask(next, "navigate", enabled ? "The model is on." : "The model is off.");
}
