/**
 * Snug from its sources, its page with hot reload: `bun run dev --port 3000`. For work on the page; a change of the server wants a restart.
 * The page comes from Bun's own bundler, which writes scripts into it, so there is no content security policy here: never for use.
 */
import { resolve } from "node:path";
import page from "../client/index.html";
import { holdDataFolder } from "../server/commands/data-folder.ts";
import { createDoors, loopsOf } from "../server/commands/doors.ts";
import { openInstance } from "../server/commands/instance.ts";
import { listen } from "../server/commands/listen.ts";
import { readConfig } from "../server/config.ts";
import { startWork } from "../server/work.ts";

const config = readConfig(Bun.argv.slice(2), process.env);
const folder = holdDataFolder(config);
const instance = await openInstance(config, folder, resolve(import.meta.dir, "../db/migrations"));
const doors = await createDoors(instance, config, { ui: null, own: null });
const { app, live } = doors;

app.config.serve = { ...app.config.serve, routes: { "/*": page }, development: { hmr: true, console: true } };
const port = listen(app, config, live.handlers);

startWork(loopsOf(instance, doors, config), { ended: () => {}, failed: (name, fault) => console.error(name, fault) });

console.log(`http://localhost:${port}/setup#${instance.chat.keys.setup_token} (the setup link, until there is an owner)`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    void instance.close().then(() => {
      folder.release();
      process.exit(0);
    });
  });
}
