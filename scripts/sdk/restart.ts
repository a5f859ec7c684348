/** A server that is killed in the middle of a conversation and started again, as the client for applications lives through it. */
import { resolve } from "node:path";
import type { Client, Given } from "../../client/sdk/sentence-stage.cast.ts";
import { until, type Walked } from "../walk/server.ts";

const built = resolve(import.meta.dir, "../../dist/sdk/snug.js");
const POSTS = 40;

/** Why it does not hold; null if it does: every post is stored and heard once, in its order, and its promise is kept. */
export async function faultOfRestart({ url, ann, bob }: Given, server: Walked): Promise<string | null> {
  const client: Client = await import(built);
  const [anns, bobs] = [client.connect({ url, token: ann.token }), client.connect({ url, token: bob.token })];
  try {
    const { id } = await anns.api.createRoom({ type: "group", user_ids: [bob.id] });
    const heard: string[] = [];
    await new Promise((done) => bobs.on("caught_up", done));
    bobs.on("message", ({ message }) => message.room_id === id && heard.push(message.content));
    const texts = Array.from({ length: POSTS }, (_, i) => `post ${i}`);
    const posts = texts.map((text) => anns.post(id, text));
    await until(async () => heard.length > 2, "the first are heard");
    await server.kill();
    const before = heard.length;
    await server.start();
    for (const one of [anns, bobs]) one.hurry();
    const rows = await Promise.all(posts);
    await until(async () => heard.length >= POSTS, "all are heard");
    const stored = (await anns.api.messages(id)).items.map(({ content }) => content);
    if (JSON.stringify([stored, heard]) !== JSON.stringify([texts, texts])) return `stored ${stored.join()}, heard ${heard.join()}`;
    if (before >= POSTS) return "all was over before the server was killed";
    return rows.every((row, i) => row?.seq === i + 1) ? null : "a promise gave another row";
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  } finally {
    anns.close();
    bobs.close();
  }
}
