// The graphs of one model, opened when a method asks for them; where both take too much, one goes before the other.
import type { Sessions } from "../../attribution/explain/work.ts";
import { type GradientSession, openGradientSession } from "../../attribution/gradient/session.ts";
import { openTaps, type TapSession } from "../../attribution/taps/tap_session.ts";
import { messageOf } from "../../basics/message_of.ts";
import { fault, faultOf } from "../../fault.ts";
import { readAvailableMemory } from "../../hub/folder/memory.ts";
import { openOrt, type Ort } from "../../ort/api.ts";
import { collectGarbage } from "../../ort/collect_garbage.ts";
import { findLibrary } from "../../ort/library.ts";
import { returnFreedMemory } from "../../ort/trim_memory.ts";
import { estimateOpeningBytes, estimateRunBytes, memoryLimitOf } from "./memory.ts";
import type { AttributedModel, FromAttribution, GraphKind } from "./messages.ts";

/** What the rest of the machine is left with while both graphs are open. */
const RESERVE_BYTES = 2e9;

const OTHERS: Readonly<Record<GraphKind, string>> = {
  taps: "Saliency, input × gradient and integrated gradients do not look at parts.",
  gradients: "Attention, occlusion, direct logit attribution and the logit lens need no gradient.",
};

/** Sessions, and what the time to open them was. */
export class OpenSessions implements Sessions {
  readonly #model: AttributedModel;
  readonly #tell: (message: FromAttribution) => void;
  #taps: TapSession | null = null;
  #gradients: GradientSession | null = null;
  #opened: Ort | null = null;
  openingMs = 0;

  constructor(model: AttributedModel, tell: (message: FromAttribution) => void) {
    this.#model = model;
    this.#tell = tell;
  }

  async taps(): Promise<TapSession> {
    await this.#makeRoom("taps");
    if (this.#taps !== null) return this.#taps;
    const { path, config } = this.#model;
    return this.#taps = await this.#timed("taps", () => openTaps(this.#ort(), path, config));
  }

  async gradients(): Promise<GradientSession> {
    await this.#makeRoom("gradients");
    if (this.#gradients !== null) return this.#gradients;
    const { path, config } = this.#model;
    return this.#gradients = await this.#timed(
      "gradients",
      () => openGradientSession(this.#ort(), path, config),
    );
  }

  /** Releases what is open; no run may be pending. */
  async close(): Promise<void> {
    await this.#closeTaps();
    await this.#closeGradients();
    returnFreedMemory();
  }

  /** ONNX Runtime's C API, which is not there for every system. */
  #ort(): Ort {
    try {
      return this.#opened ??= openOrt(findLibrary(this.#model.root));
    } catch (error) {
      throw fault("unsupported", `Attribution needs ONNX Runtime's library on the CPU: ${messageOf(error)}.`);
    }
  }

  /** Closes the other graph where a run of this one beside it would take too much. */
  async #makeRoom(graph: GraphKind): Promise<void> {
    const [isOpen, other] = graph === "taps"
      ? [this.#taps !== null, this.#gradients]
      : [this.#gradients !== null, this.#taps];
    if (other === null) return;
    const [model, free] = [this.#model, readAvailableMemory()];
    const opening = isOpen ? 0 : estimateOpeningBytes(model, graph) + RESERVE_BYTES;
    const together = estimateOpeningBytes(model, "taps") + estimateOpeningBytes(model, "gradients") +
      estimateRunBytes(model, graph, 0);
    if (together <= memoryLimitOf(model) && (free === null || free >= opening)) {
      if (graph === "taps") await this.#gradients?.rest();
      return returnFreedMemory();
    }
    await (graph === "taps" ? this.#closeGradients() : this.#closeTaps());
    returnFreedMemory();
  }

  async #closeTaps(): Promise<void> {
    if (this.#taps === null) return;
    await this.#taps.close();
    this.#taps = null;
    this.#tell({ type: "closed", graph: "taps" });
  }

  async #closeGradients(): Promise<void> {
    if (this.#gradients === null) return;
    await this.#gradients.dispose();
    this.#gradients = null;
    this.#tell({ type: "closed", graph: "gradients" });
  }

  async #timed<T>(graph: GraphKind, open: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    this.#tell({ type: "opening", graph });
    try {
      const opened = await open();
      collectGarbage(); // what reading and building the graph took: 100 MB and more would stay beside its runs
      const ms = performance.now() - begun;
      this.openingMs += ms;
      this.#tell({ type: "opened", graph, ms });
      return opened;
    } catch (error) {
      const known = faultOf(error);
      if (known?.code !== "unsupported" || known.field === "method") throw error; // no other method can either
      throw new Error(`${(error as Error).message} ${OTHERS[graph]}`, { cause: (error as Error).cause });
    }
  }
}
