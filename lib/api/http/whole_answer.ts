// An answer whose bytes are all there.
import { NodeResponse } from "srvx/node";

/** The server writes its head and its bytes at once: no stream of the web's is made for them, and none is read. */
export class WholeAnswer extends NodeResponse {
  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    init: { readonly status?: number; readonly statusText?: string; readonly headers: HeadersInit },
  ) {
    super(bytes, init);
  }
}
