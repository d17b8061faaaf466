import type { Context } from "fresh";
import { classroomInput, classroomOf, requireOwn } from "../../lib/api/endpoints/classroom.ts";
import { readJson } from "../../lib/api/http/body.ts";
import { answerByMethod } from "../../lib/api/http/by_method.ts";
import { addressOf } from "../../lib/api/http/client.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import type { State } from "../../lib/define.ts";

function answer(ctx: Context<State>): Response {
  const { config, lock } = ctx.state;
  return Response.json(classroomOf({ config, lock, from: addressOf(ctx), port: ctx.url.port }));
}

export const handler = answerByMethod<State>({
  GET: answer,
  POST: async (ctx) => {
    const { locked } = parseRequest(classroomInput, await readJson(ctx.req));
    requireOwn(addressOf(ctx));
    ctx.state.lock.locked = locked;
    return answer(ctx);
  },
});
