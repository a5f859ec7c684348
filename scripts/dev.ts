/**
 * Snug from its sources, its page with hot reload: `bun run dev --port 3000`. For work on the page; a change of the server wants a restart.
 * The page comes from Bun's own bundler, which writes scripts into it, so there is no content security policy here: never for use.
 */
import { resolve } from "node:path";
import page from "../client/index.html";
import { createApp } from "../server/app.ts";
import { holdDataFolder } from "../server/commands/data-folder.ts";
import { openInstance } from "../server/commands/instance.ts";
import { listen } from "../server/commands/listen.ts";
import { readConfig } from "../server/config.ts";
import { createLive } from "../server/live/live.ts";
import { startWork } from "../server/work.ts";

const config = readConfig(Bun.argv.slice(2), process.env);
const folder = holdDataFolder(config);
const instance = await openInstance(config, folder, resolve(import.meta.dir, "../db/migrations"));
const { chat, roster, metrics, epoch } = instance;
const live = createLive(chat, roster, { epoch, ...config, connections: metrics.connections });

const app = createApp({ chat, config, tokens: instance.tokens, live, metrics, log: chat.log, ui: null });
app.config.serve = { ...app.config.serve, routes: { "/*": page }, development: { hmr: true, console: true } };
const port = listen(app, config, live.handlers);

const loops = [
  { name: "tend", every_ms: config.tend_every_ms, run: () => chat.store.tend() },
  { name: "beat", every_ms: config.beat_every_ms, run: live.beat },
  { name: "look", every_ms: config.look_every_ms, run: live.look },
];
startWork(loops, { ended: () => {}, failed: (name, fault) => console.error(name, fault) });

console.log(`http://localhost:${port}/setup#${chat.keys.setup_token} (the setup link, until there is an owner)`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    void instance.close().then(() => {
      folder.release();
      process.exit(0);
    });
  });
}
