import assert from "node:assert/strict";
import { listClassAddresses } from "../../../lib/explorer/teach/classroom.ts";

Deno.test("a class reaches the page by its own address, with the path that it lies below", () => {
  const room = { open: true, addresses: ["http://192.168.1.20:5005/"], locked: false, own: true };
  const at = (here: string) => listClassAddresses(room, new URL(here));
  assert.deepEqual(at("http://localhost:5005/#share=x"), room.addresses);
  assert.deepEqual(at("https://school.example/app/?a=1#share=x"), [
    "https://school.example/app/",
    ...room.addresses,
  ]);
  assert.deepEqual(at("https://school.example/"), ["https://school.example/", ...room.addresses]);
});
