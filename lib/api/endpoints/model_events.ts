// GET /api/model/events: the status as server-sent events.
import type { Engine } from "../../engine/types.ts";
import { keepAlive } from "../http/event_stream.ts";
import { modelStatusOf } from "../http/model_status.ts";
import { describeErrors, type Endpoint, eventsOf, schemaReferenceOf } from "../schemas/operation.ts";

export const modelEventsEndpoint: Endpoint = {
  path: "/api/model/events",
  operations: {
    get: {
      operationId: "modelEvents",
      summary: "The status at once and after every change, as server-sent events with a ModelStatus in data.",
      responses: {
        200: {
          description: "A stream of events.",
          content: {
            "text/event-stream": {
              schema: eventsOf("One status.", { contentSchema: schemaReferenceOf("ModelStatus") }),
            },
          },
        },
        ...describeErrors(403),
      },
    },
  },
  schemas: {},
};

/** A stream that begins with the status as it is and goes on with every change. A client that reads slowly gets the
 * newest status, not all of them. It ends when `ended` aborts: the client left, or the server broke off. */
export function streamStatus(engine: Engine, ended: AbortSignal): Response {
  const encoder = new TextEncoder();
  let unsubscribe = () => {};
  let sent = "";
  const sendNewest = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if ((controller.desiredSize ?? 0) <= 0) return; // `pull` comes back to it
    const newest = JSON.stringify(modelStatusOf(engine.status()));
    if (newest === sent) return;
    sent = newest;
    controller.enqueue(encoder.encode(`data: ${newest}\n\n`));
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const quiet = keepAlive(controller);
      const stop = engine.subscribe(() => sendNewest(controller));
      const end = () => {
        unsubscribe();
        controller.close();
      };
      unsubscribe = () => {
        clearInterval(quiet);
        stop();
        ended.removeEventListener("abort", end);
      };
      if (ended.aborted) end();
      else ended.addEventListener("abort", end, { once: true });
    },
    pull: (controller) => sendNewest(controller),
    cancel: () => unsubscribe(),
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
  });
}
