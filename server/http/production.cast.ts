/** Run by production.test.ts in a process of its own, with NODE_ENV as the product has it: Elysia reads it once, when it is loaded. Prints one answer a line. */
import { openDoor, visit } from "../testing/visitor.ts";
import { world } from "../testing/world.ts";

const here = await world();
const open = openDoor(here);
const ann = visit(open, here.ann);
const answers = [
  await ann.patch("/me", '{"display_name":{"toString":"hunter2"}}'),
  await ann.patch("/me", '{"display_name":"hunter2","settings":[]}'),
  await ann.post("/rooms", '{"type":"channel","name":{"toString":1,"valueOf":2},"visibility":"hunter2"}'),
];
here.chat.newSecret = () => {
  throw new Error("hunter2 inside");
};
answers.push(await ann.post("/ws/tickets", {}));
for (const { status, text } of answers) console.log(`${status} ${text}`);
await here.dispose();
process.exit(0);
