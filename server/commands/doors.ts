/** Both doors of an instance over what they share, and the work that keeps them: one assembly, for `snug serve` and `bun run dev`. */
import { type App, createApp } from "../app.ts";
import { storeUses } from "../chat/key-uses.ts";
import { deliverDue } from "../chat/deliveries.ts";
import { mendDue } from "../chat/due-again.ts";
import { endpointsOf } from "../chat/endpoints.ts";
import { sweepFiles } from "../chat/file-sweep.ts";
import { createLimiter } from "../chat/limiter.ts";
import { purge } from "../chat/purge.ts";
import { retain } from "../chat/retention.ts";
import { pushDue } from "../chat/notification-pushes.ts";
import { sweep } from "../chat/sweep.ts";
import { resealSecrets } from "../chat/webhooks.ts";
import type { Config } from "../config.ts";
import { ownFiles } from "../http/own-files.ts";
import { createHosts, type Hosts } from "../http/hosts.ts";
import { createLimits } from "../http/limit.ts";
import { createLive, type Live } from "../live/live.ts";
import type { Loop } from "../work.ts";
import type { Instance } from "./instance.ts";
import type { Page } from "./places.ts";

export type Doors = { app: App; live: Live; hosts: Hosts };

/**
 * What a person sends is counted once, whichever door it comes by. The folders are those of the page; `asked` hears of each
 * request that is no probe.
 */
export async function createDoors(instance: Instance, config: Config, { ui, own, asked }: Page & { asked?: () => void }): Promise<Doors> {
  const { chat, roster, tokens, metrics, epoch, plugins } = instance;
  const sends = createLimiter(config.sends);
  const hosts = createHosts(chat);
  await hosts.look();
  await endpointsOf(chat).look();
  const own_files = own === null ? null : { folder: own, files: await ownFiles(own) };
  const limits = createLimits({ chat, config, sends });
  const live = createLive(chat, roster, { ...config, epoch, sends, plugins, connections: metrics.connections, onQuiet: limits.tidy });
  return {
    app: createApp({ chat, config, tokens, live, hosts, sends, metrics, log: chat.log, plugins, ui, own_files, ...(asked && { asked }) }, limits),
    live,
    hosts,
  };
}

export function loopsOf({ chat }: Instance, { live }: Doors, config: Config): Loop[] {
  return [
    { name: "tend", every_ms: config.tend_every_ms, run: async () => void (await Promise.all([chat.store.tend(), chat.backplane.tend()])) },
    { name: "beat", every_ms: config.beat_every_ms, run: live.beat },
    { name: "look", every_ms: config.look_every_ms, run: live.lookAtRights }, // at tenants too
    { name: "rooms", every_ms: config.look_every_ms, run: live.lookAtRooms }, // apart: however long it takes, rights are looked at
    { name: "keys", every_ms: config.look_every_ms, run: () => storeUses(chat) },
    { name: "notify", every_ms: config.notify_every_ms, run: () => pushDue(chat) },
    { name: "endpoints", every_ms: config.look_every_ms, run: endpointsOf(chat).look },
    { name: "clock", every_ms: config.look_every_ms, run: () => mendDue(chat) },
    { name: "deliver", every_ms: config.deliver_every_ms, run: () => deliverDue(chat) },
    { name: "touch", every_ms: config.sweep_every_ms, run: live.touch },
    { name: "sweep", every_ms: config.sweep_every_ms, run: () => sweep(chat) },
    { name: "files", every_ms: config.sweep_every_ms, run: () => sweepFiles(chat) },
    { name: "reseal", every_ms: config.sweep_every_ms, run: () => resealSecrets(chat) },
    { name: "purge", every_ms: config.sweep_every_ms, run: () => purge(chat) },
    { name: "retain", every_ms: config.sweep_every_ms, run: () => retain(chat) },
  ];
}
