/// <reference lib="dom" />
// The program inside an HTML replay. Its source text goes into the file (`replayPlayer.toString()`), so the function
// may use nothing but its argument and the browser: no import, no constant of this module, no build step.
import type { Replay, ReplayBar, ReplayPath, ReplayPlace, ReplayToken } from "./data.ts";
import type { ReplayMap } from "./maps.ts";

/** Shows `replay` in the elements of html.ts and listens to its buttons and keys. */
// One function on purpose: it travels as text.
export function replayPlayer(replay: Replay): void {
  const MARKS: Record<string, readonly [box: string, path: string]> = {
    space: ["0 0 10 16", "M1.5 9.5v3h7v-3"],
    newline: ["0 0 14 16", "M12 4v5H2.5m0 0L5.5 6m-3 3 3 3"],
    tab: ["0 0 14 16", "M1.5 8h8.5m0 0L7 5m3 3-3 3M12.5 4.5v7"],
    empty: ["0 0 14 16", "M7 4a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M3 14 11 3"],
  };
  const SVG = "http://www.w3.org/2000/svg";
  const ORIGINS = { drawn: "Drawn", chosen: "Chosen by hand", greedy: "Greedy", forced: "Forced" };
  const byId = (id: string) => document.getElementById(id)!;
  const button = (id: string) => byId(id) as HTMLButtonElement;
  const slider = byId("at") as HTMLInputElement;
  const choice = byId("path") as HTMLSelectElement;
  const mapChoice = byId("map") as HTMLSelectElement;
  let path: ReplayPath = replay.paths[replay.current] ??
    { name: "", prompt: [], steps: [], end: null, summary: "" };
  let at = 0; // tokens that are shown behind the prompt
  let timer: ReturnType<typeof setInterval> | undefined;

  const make = (name: string, className: string, ...children: (Node | string)[]) => {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  };
  const shape = (name: string, attributes: Record<string, string | number>) => {
    const element = document.createElementNS(SVG, name);
    for (const key of Object.keys(attributes)) element.setAttribute(key, String(attributes[key]));
    return element;
  };
  const drawToken = (target: Element, [parts, spoken]: ReplayToken) => {
    for (const part of parts) {
      if ("text" in part) {
        target.append(part.kind === "text" ? part.text : make("span", part.kind, part.text));
      } else {
        const [box, d] = MARKS[part.kind]!;
        const mark = shape("svg", { viewBox: box, class: `ws ${part.kind}`, "aria-hidden": "true" });
        mark.append(shape("path", { d }));
        target.append(mark);
      }
    }
    return spoken;
  };
  const drawBar = (bar: ReplayBar, end: number) => {
    const name = make("span", "t");
    name.setAttribute("aria-hidden", "true");
    const spoken = drawToken(name, bar.token);
    const plot = shape("svg", { class: "plot", "aria-hidden": "true" });
    const length = Math.min(1, (bar.kept ? bar.final : bar.raw) / end) * 100;
    const kind = bar.kept ? "final" : "cut";
    plot.append(shape("rect", { class: kind, y: 5, height: 16, width: `${length}%` }));
    const raw = Math.min(1, bar.raw / end) * 100;
    if (bar.kept) plot.append(shape("rect", { class: "raw", y: 3, height: 20, width: 2, x: `${raw}%` }));
    const value = make("span", "pct", bar.kept ? `${bar.share} %` : "excluded");
    const row = make("li", `b${bar.chosen ? " chosen" : ""}`, name, make("span", "sr", spoken), plot, value);
    if (bar.chosen) row.append(make("span", "sr", "the next token"));
    return row;
  };
  const drawBars = (shown: ReplayPlace | null) => {
    const bars = byId("bars");
    bars.replaceChildren();
    byId("none").hidden = shown === null || shown.bars.length > 0;
    if (shown === null || shown.other === null) return;
    const largest = Math.max(shown.other.final, ...shown.bars.map((bar) => Math.max(bar.final, bar.raw)));
    const ends = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];
    const end = ends.find((each) => each >= largest) ?? 1;
    for (const bar of shown.bars) bars.append(drawBar(bar, end));
    const other: ReplayToken = [[{ kind: "text", text: "Other" }], "all other tokens"];
    const rest = drawBar({ ...shown.other, token: other }, end);
    rest.classList.add("other");
    rest.querySelector(".raw")?.remove();
    bars.append(rest);
  };
  const drawMap = (map: ReplayMap | undefined) => {
    [...byId("strip").querySelectorAll<HTMLElement>(".tok:not(.rest)")].forEach((token, index) => {
      const share = map?.shares[index] ?? 0;
      const step = Math.min(3, 1 + Math.floor(3 * Math.abs(share)));
      token.classList.remove("a1", "a2", "a3", "b1", "b2", "b3");
      if (share !== 0) token.classList.add(`${share < 0 ? "b" : "a"}${step}`);
    });
    byId("strongest").textContent = map?.strongest ?? "";
  };
  const drawMaps = (shown: ReplayPlace | null) => {
    const maps = shown?.maps ?? [];
    byId("maps").hidden = maps.length === 0;
    mapChoice.replaceChildren(...maps.map(({ title }, index) => {
      const option = make("option", "", title) as HTMLOptionElement;
      option.value = String(index);
      return option;
    }));
    drawMap(maps[0]);
  };
  // What stands behind a token's last line break begins the next line, as on the page.
  const appendToken = (token: HTMLElement, [parts, spoken]: ReplayToken, index: number) => {
    const newline = parts.map((part) => part.kind).lastIndexOf("newline");
    drawToken(token, [newline < 0 ? parts : parts.slice(0, newline + 1), spoken]);
    byId("strip").append(token);
    if (newline < 0) return;
    byId("strip").append(document.createElement("br"));
    if (newline + 1 === parts.length) return;
    const rest = make("span", `${token.className} rest`);
    rest.dataset["step"] = String(index);
    rest.setAttribute("aria-hidden", "true");
    drawToken(rest, [parts.slice(newline + 1), ""]);
    byId("strip").append(rest);
  };
  const drawText = () => {
    const strip = byId("strip");
    strip.replaceChildren();
    for (const rendering of path.prompt) appendToken(make("span", "tok prompt"), rendering, -1);
    path.steps.forEach((step, index) => {
      const token = make("button", "tok") as HTMLButtonElement;
      token.type = "button";
      token.setAttribute("aria-label", `Step ${index + 1}: ${step.token[1]}`);
      token.addEventListener("click", () => (stop(), show(index)));
      appendToken(token, step.token, index);
    });
  };
  const show = (next: number) => {
    at = Math.min(path.steps.length, Math.max(0, next));
    const tokens = [...byId("strip").querySelectorAll("button")];
    tokens.forEach((token, index) => {
      token.classList.toggle("later", index >= at);
      token.classList.toggle("next", index === at);
      token.tabIndex = index === Math.min(at, tokens.length - 1) ? 0 : -1;
      if (index === at) token.setAttribute("aria-current", "step");
      else token.removeAttribute("aria-current");
    });
    for (const rest of byId("strip").querySelectorAll<HTMLElement>(".rest")) {
      rest.classList.toggle("later", Number(rest.dataset["step"]) >= at);
    }
    const step = path.steps[at];
    const place = step === undefined
      ? `The end of the path after ${path.steps.length} steps.`
      : `Step ${at + 1} of ${path.steps.length}. ${ORIGINS[step.origin]}: ${step.token[1]}.`;
    byId("place").textContent = place;
    byId("facts").textContent = step === undefined
      ? path.end?.facts ?? ""
      : step.facts + (step.u === null ? "" : ` · drawn at ${step.u}`);
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", place);
    for (const id of ["first", "back"]) button(id).setAttribute("aria-disabled", String(at === 0));
    for (const id of ["next", "last"]) {
      button(id).setAttribute("aria-disabled", String(at === path.steps.length));
    }
    drawBars(step ?? path.end);
    drawMaps(step ?? path.end);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    byId("play").textContent = "Play";
  };
  const play = () => {
    if (timer !== undefined) return stop();
    if (at === path.steps.length) show(0);
    byId("play").textContent = "Pause";
    timer = setInterval(() => {
      show(at + 1);
      if (at === path.steps.length) stop();
    }, 900);
  };
  const choose = (index: number) => {
    stop();
    path = replay.paths[index] ?? path;
    slider.max = String(path.steps.length);
    byId("summary").textContent = path.summary;
    drawText();
    show(0);
  };
  const moves: Record<string, () => void> = {
    first: () => show(0),
    back: () => show(at - 1),
    next: () => show(at + 1),
    last: () => show(path.steps.length),
  };
  for (const id of Object.keys(moves)) button(id).addEventListener("click", () => (stop(), moves[id]!()));
  button("play").addEventListener("click", play);
  slider.addEventListener("input", () => (stop(), show(Number(slider.value))));
  mapChoice.addEventListener("change", () => {
    const shown = path.steps[at] ?? path.end;
    drawMap(shown?.maps[Number(mapChoice.value)]);
  });
  choice.addEventListener("change", () => choose(Number(choice.value)));
  const KEYS: Record<string, string> = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last" };
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (
      event.ctrlKey || event.altKey || event.metaKey || target === choice || target === mapChoice ||
      target === slider
    ) return;
    const inStrip = target.closest("#strip") !== null;
    if (event.key === " " && target.tagName !== "BUTTON") play();
    else if (KEYS[event.key] !== undefined) (stop(), moves[KEYS[event.key]!]!());
    else return;
    event.preventDefault();
    if (inStrip) byId("strip").querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
  replay.paths.forEach((each, index) => {
    const option = make("option", "", each.name) as HTMLOptionElement;
    option.value = String(index);
    choice.append(option);
  });
  choice.value = String(replay.current);
  byId("paths").hidden = replay.paths.length < 2;
  choose(replay.current);
}
