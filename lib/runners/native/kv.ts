// Handles on native cache tensors: who holds which, and who may write where.
//
// Two kinds of graph:
//  * shared buffers (`layout.sharedBuffers`): tensors with room to grow are past and present at once, a run writes the
//    places after the handle's length. Any number of handles may read one buffer; a handle writes only where no other
//    one has tokens, else it moves to a copy of its own first. So forks and truncations cost nothing until they
//    diverge.
//  * growing: each run makes new tensors of the exact length and nothing is ever written twice.
//
// OWNERSHIP: a KvBuffers lives as long as one handle holds it. `release` and a successful run end a handle, once.
import { fault } from "../../fault.ts";
import { KvBuffers } from "./buffers.ts";
import { growsWithTokens } from "../slots.ts";
import type { Ort } from "../../ort/api.ts";
import type { Pointer } from "../../ort/memory.ts";
import type { Kv, LmLayout } from "../types.ts";

/** Tokens by which a buffer grows, at least; a longer one grows by a quarter. Room that is never written is memory all
 * the same where the buffers are too small to be mapped alone, and it was another state's before. */
const GROWTH = 64;
const GROWTH_SHARE = 1.25;

/** A state of `length` tokens; only the {@link KvStore} that made it can read it. */
export class NativeKv implements Kv {
  /** "running" while native code uses the tensors, "dead" after release or consumption. */
  state: "idle" | "running" | "dead" = "idle";
  /** Tokens that its buffers have when the run that uses it has ended. */
  reach = 0;
  constructor(
    readonly owner: KvStore,
    readonly length: number,
    public buffers: KvBuffers,
    /** The tokens themselves, where the graph has no cache and computes them again each time. */
    readonly ids: readonly number[],
  ) {}
}

/** Every live state of one runner. */
export class KvStore {
  #holders = new Map<KvBuffers, Set<NativeKv>>();
  #closed = false;

  /** `limit`: the most tokens that a state can have. */
  constructor(
    private readonly ort: Ort,
    private readonly shape: Pick<LmLayout, "slots" | "sharedBuffers">,
    private readonly limit: number,
  ) {}

  /** A state of no tokens, with room for `capacity` where the graph shares its buffers. */
  empty(capacity = 0): NativeKv {
    if (this.#closed) throw new Error("The runner was disposed");
    const room = this.shape.sharedBuffers ? this.#roomFor(capacity) : 0;
    return this.#handle(0, KvBuffers.allocate(this.ort, this.shape.slots, 1, room), []);
  }

  /** The handle behind `kv`; throws where it is released, used by a run, or another runner's. */
  use(kv: Kv): NativeKv {
    if (!(kv instanceof NativeKv) || kv.owner !== this) throw new TypeError("This state is another runner's");
    if (kv.state === "dead") throw new Error("This state was released or consumed before");
    if (kv.state === "running") throw new Error("This state is in use by a run");
    return kv;
  }

  /** Marks `kv` as in use by native code: nothing else may release or change it. */
  begin(kv: NativeKv): void {
    kv.state = "running";
  }

  /** The end of what `begin` began. */
  end(kv: NativeKv): void {
    if (kv.state === "running") kv.state = "idle";
    kv.reach = 0;
  }

  fork(kv: Kv): NativeKv {
    const { length, buffers, ids } = this.use(kv);
    return this.#handle(length, buffers, ids);
  }

  truncate(kv: Kv, length: number): NativeKv {
    const old = this.use(kv);
    if (!Number.isInteger(length) || length < 0 || length > old.length) {
      throw new RangeError(`Expected a length between 0 and ${old.length} but found ${length}`);
    }
    if (length < old.length && !growsWithTokens(this.shape.slots)) {
      throw new RangeError("A state of fixed size cannot be cut back to fewer tokens");
    }
    const buffers = this.#cut(old, length);
    return this.#replace(old, length, buffers, old.ids.slice(0, length));
  }

  release(kv: Kv): void {
    this.#drop(this.use(kv));
  }

  bytes(kv: Kv): number {
    return this.use(kv).buffers.bytes;
  }

  /** Makes sure that a run may write the `count` places after the tokens of `kv`: moves it to a larger buffer, or to
   * one of its own where another handle has tokens there. */
  claim(kv: NativeKv, count: number): void {
    if (!this.shape.sharedBuffers) return;
    const total = kv.length + count;
    const others = this.#holders.get(kv.buffers) ?? [];
    const free = [...others].every((other) =>
      other === kv || Math.max(other.length, other.reach) <= kv.length
    );
    kv.reach = total;
    if (free && total <= kv.buffers.capacity) return;
    const growing = total > kv.buffers.capacity ? kv.buffers.capacity * GROWTH_SHARE : 0;
    const buffers = this.#copy(kv.buffers, kv.length, this.#roomFor(Math.max(total, growing)));
    this.#leave(kv);
    kv.buffers = buffers;
    this.#hold(kv);
  }

  /** Ends `kv` after a run of `ids` that succeeded. `present`: the tensors that the run made, which this takes over;
   * null where it wrote the past in place. */
  advance(kv: NativeKv, ids: readonly number[], present: readonly Pointer[] | null): NativeKv {
    const length = kv.length + ids.length;
    const buffers = present === null
      ? kv.buffers
      : KvBuffers.adopt(this.ort, this.shape.slots, present, this.shape.slots.length === 0 ? 0 : length);
    return this.#replace(kv, length, buffers, this.shape.slots.length === 0 ? [...kv.ids, ...ids] : []);
  }

  /** Frees every tensor; handles that are still out may be released afterwards. No run may be pending. */
  close(): void {
    this.#closed = true;
    for (const buffers of this.#holders.keys()) buffers.free();
    this.#holders.clear();
  }

  /** Throws a `context_too_long` fault unless `count` more tokens fit after `kv`. */
  checkRoom(kv: Kv, count: number): void {
    const total = kv.length + count;
    if (total <= this.limit) return;
    throw fault("context_too_long", `The model reads at most ${this.limit} tokens but found ${total}.`);
  }

  #roomFor(tokens: number): number {
    return Math.min(Math.ceil(tokens / GROWTH) * GROWTH, this.limit);
  }

  /** Buffers for the first `length` tokens. Growing tensors have the exact length; a shared buffer stays unless more
   * than half of it is of no use, and no other state holds it. */
  #cut({ buffers, length: before }: NativeKv, length: number): KvBuffers {
    const { sharedBuffers, slots } = this.shape;
    if (slots.length === 0) return buffers;
    if (!sharedBuffers) return length < before ? this.#copy(buffers, length, length) : buffers;
    const room = this.#roomFor(length);
    const alone = this.#holders.get(buffers)?.size === 1;
    return alone && buffers.capacity > 2 * room ? this.#copy(buffers, length, room) : buffers;
  }

  #copy(source: KvBuffers, length: number, capacity: number): KvBuffers {
    const copy = KvBuffers.allocate(this.ort, this.shape.slots, 1, capacity);
    copy.copyPrefix(source, length);
    return copy;
  }

  #replace(old: NativeKv, length: number, buffers: KvBuffers, ids: readonly number[]): NativeKv {
    const next = this.#handle(length, buffers, ids); // held before the old one lets go
    this.#drop(old);
    return next;
  }

  #handle(length: number, buffers: KvBuffers, ids: readonly number[]): NativeKv {
    const kv = new NativeKv(this, length, buffers, ids);
    this.#hold(kv);
    return kv;
  }

  #drop(kv: NativeKv): void {
    kv.state = "dead";
    this.#leave(kv);
  }

  #hold(kv: NativeKv): void {
    if (this.#closed) return kv.buffers.free();
    const holders = this.#holders.get(kv.buffers);
    if (holders === undefined) this.#holders.set(kv.buffers, new Set([kv]));
    else holders.add(kv);
  }

  #leave(kv: NativeKv): void {
    const holders = this.#holders.get(kv.buffers);
    holders?.delete(kv);
    if (holders?.size !== 0) return;
    this.#holders.delete(kv.buffers);
    kv.buffers.free();
  }
}
