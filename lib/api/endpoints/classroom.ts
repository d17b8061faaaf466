// GET and POST /api/classroom: how a class reaches this server, and the lock on its model.
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import type { ModelLock } from "../../engine/model_lock.ts";
import type { Classroom, ClassroomInput } from "../../wire/classroom.ts";
import { isThisComputer } from "../http/client.ts";
import { apiFault } from "../http/errors.ts";
import { isHostAllowed } from "../http/guards.ts";
import { answer, bodyOf, describeErrors, type Endpoint, schemaReferenceOf } from "../schemas/operation.ts";

const classroomSchema = z.object({
  open: z.boolean().describe("The server listens to the network, not to this computer alone."),
  addresses: z.array(z.string()).describe("Of the page, as other computers reach it."),
  locked: z.boolean().describe("Nobody can load another model."),
  own: z.boolean().describe("The request came from the server's own computer: it may lock and unlock."),
}) satisfies z.ZodType<Classroom>;

export const classroomInput = z.strictObject({
  locked: z.boolean().describe("True: loads of models are refused until it is false again."),
}) satisfies z.ZodType<ClassroomInput>;

export const classroomEndpoint: Endpoint = {
  path: "/api/classroom",
  operations: {
    get: {
      operationId: "classroom",
      summary: "How a class reaches this server, and whether its model is locked.",
      responses: {
        200: answer("The classroom.", schemaReferenceOf("Classroom")),
        ...describeErrors(403, 500),
      },
    },
    post: {
      operationId: "lockModel",
      summary: "Locks the model or unlocks it; only from the server's own computer.",
      requestBody: bodyOf("ClassroomRequest"),
      responses: {
        200: answer("The classroom.", schemaReferenceOf("Classroom")),
        ...describeErrors(400, 403, 413, 415, 500),
      },
    },
  },
  schemas: { Classroom: [classroomSchema, "output"], ClassroomRequest: [classroomInput, "input"] },
};

interface Asked {
  readonly config: Pick<Config, "host" | "allowedHosts" | "allowedOrigins">;
  readonly lock: ModelLock;
  /** The address that asked; null: nobody knows. */
  readonly from: string | null;
  /** The port that was asked; "" = 80. */
  readonly port: string;
}

/** The classroom as the asking computer may see it. `interfaces`: the network's addresses of this computer. */
export function classroomOf(
  { config, lock, from, port }: Asked,
  interfaces = listNetworkAddresses(),
): Classroom {
  const open = !isThisComputer(config.host);
  const hosts = interfaces.map((address) => port === "" ? address : `${address}:${port}`);
  const reached = open ? hosts.filter((host) => isHostAllowed(host, config)) : [];
  return {
    open,
    addresses: reached.map((host) => `http://${host}/`),
    locked: lock.locked,
    own: isOwn(from),
  };
}

function listNetworkAddresses(): string[] {
  return Deno.networkInterfaces()
    .filter(({ family, address }) => family === "IPv4" && !address.startsWith("127."))
    .map(({ address }) => address);
}

function isOwn(from: Asked["from"]): boolean {
  return from !== null && isThisComputer(from);
}

/** Throws not_own_computer (403) where another computer wants to lock or unlock. */
export function requireOwn(from: Asked["from"]): void {
  if (isOwn(from)) return;
  throw apiFault(
    "not_own_computer",
    "Only a page on the server's own computer may lock or unlock the model.",
  );
}

/** Throws model_locked (403) where models cannot be chosen. */
export function requireUnlocked({ locked }: ModelLock): void {
  if (!locked) return;
  throw apiFault(
    "model_locked",
    "The model is locked for the class. Ask whoever runs this server to unlock it.",
  );
}
