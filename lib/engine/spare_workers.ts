// Workers that serve one load after the other. A thread that has loaded ONNX Runtime's addon keeps an event loop, two
// descriptors, after its end (Deno 2.9.6), so it is kept for the next load; a thread that has not is ended.
import type { FromWorker, ToWorker, WorkerPort } from "../protocol/messages.ts";

/** Who hears a worker: one load after the other. */
interface Listener {
  onMessage(message: FromWorker): void;
  onDeath(reason: string): void;
}

/** A worker that is there, and who has it. */
interface Kept {
  readonly port: WorkerPort;
  listener: Listener | null;
  /** It has said that it holds nothing any more and can begin anew. */
  reusable: boolean;
}

export class SpareWorkers {
  readonly #spawn: () => WorkerPort;
  readonly #spares: Kept[] = [];
  #closed = false;

  /** `spawn` starts a worker; it is called when there is none to spare. */
  constructor(spawn: () => WorkerPort) {
    this.#spawn = spawn;
  }

  /** A worker for one load. Ended after it has stopped it may come back for another one; what is posted to it then is
   * lost, as it would be with a worker that is gone. */
  take(): WorkerPort {
    const kept = this.#spares.pop() ?? this.#start();
    kept.reusable = false;
    let mine = true;
    return {
      post: (message: ToWorker) => void (mine && kept.port.post(message)),
      listen: (onMessage, onDeath) => kept.listener = { onMessage, onDeath },
      terminate: () => {
        if (!mine) return;
        mine = false;
        kept.listener = null;
        if (kept.reusable && !this.#closed) this.#spares.push(kept);
        else kept.port.terminate();
      },
    };
  }

  /** Ends those that wait, and from now on each one after its load. */
  close(): void {
    this.#closed = true;
    for (const { port } of this.#spares.splice(0)) port.terminate();
  }

  #start(): Kept {
    const kept: Kept = { port: this.#spawn(), listener: null, reusable: false };
    kept.port.listen((message) => {
      if (message.type === "stopped") kept.reusable = message.reusable;
      kept.listener?.onMessage(message);
    }, (reason) => {
      kept.reusable = false;
      const index = this.#spares.indexOf(kept);
      if (index >= 0) this.#spares.splice(index, 1);
      kept.listener?.onDeath(reason);
    });
    return kept;
  }
}
