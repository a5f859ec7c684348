/** A deed of the operator's, done by the server that runs on the data folder, or here while none does. */
import { readFileSync } from "node:fs";
import type { Chat } from "../chat/chat.ts";
import { Refusal } from "../chat/refusal.ts";
import type { Config } from "../config.ts";
import { statuses } from "../http/refusals.ts";
import { operatorFile } from "../secrets.ts";
import { type DataFolder, runningServer, tryDataFolder } from "./data-folder.ts";
import { openInstance } from "./instance.ts";
import type { Places } from "./places.ts";

export type Deed = {
  /** The same deed as a request to the server. */
  ask: { method: string; path: string; body?: unknown };
  here: (chat: Chat) => Promise<unknown>;
};
/** `status` as door one has it, where the deed was refused. */
export type Done = { body: unknown } | { status?: number; why: string };

export async function eitherWay(config: Config, places: Places, deed: Deed): Promise<Done> {
  const folder = tryDataFolder(config);
  if (folder === null) return await byServer(config.data, deed.ask);
  try {
    return await byUs(config, folder, places, deed.here);
  } finally {
    folder.release();
  }
}

async function byServer(data: string, { method, path, body }: Deed["ask"]): Promise<Done> {
  const running = runningServer(data);
  if (running === null) return { why: "another Snug works on the data folder, but does not answer yet. Try again." };
  const headers = { "content-type": "application/json", "x-api-key": readFileSync(operatorFile(data), "utf8").trim() };
  try {
    const answer = await fetch(`${running.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!answer.ok) return { status: answer.status, why: `the server at ${running.url} answered ${answer.status}.` };
    return { body: answer.status === 204 ? null : await answer.json() };
  } catch {
    return { why: `the server (process ${running.pid}) does not answer at ${running.url}.` };
  }
}

async function byUs(config: Config, folder: DataFolder, places: Places, here: Deed["here"]): Promise<Done> {
  const { chat, close } = await openInstance(config, folder, places.migrations);
  try {
    return { body: await here(chat) };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { status: statuses[fault.reason], why: `it was refused: ${fault.reason} (${fault.detail.fields?.join(", ") ?? ""}).` };
  } finally {
    await close();
  }
}
