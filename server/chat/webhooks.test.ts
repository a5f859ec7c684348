import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { refusalOf } from "../testing/refusals.ts";
import { type World, world } from "../testing/world.ts";
import { endpointsOf } from "./endpoints.ts";
import { createWebhook, patchWebhook, removeWebhook, resealSecrets, rotateSecret, secretsOf } from "./webhooks.ts";

const OLD = { kid: "test", key: new Uint8Array(32).fill(7) };
const NEW = { kid: "another", key: new Uint8Array(32).fill(8) };
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

test("a workspace has as many webhooks switched on as the operator allows; one more waits for another to go, and no other workspace does", async () => {
  const { ann, mallory } = here;
  const chat = Object.assign(here.chat, { config: { ...here.chat.config, webhooks_on: 2 } });
  const make = (who = ann) => createWebhook(chat, who, { url: "https://app.example.org/in", events: ["message.created"] });
  const [first, second] = [await make(), await make()];
  expect(await refusalOf(make())).toBe("conflict");
  expect((await make(mallory)).url).toBe("https://app.example.org/in");
  expect((await patchWebhook(chat, ann, { webhook_id: first.id, disabled: false, description: "on as before" })).description).toBe("on as before");
  await patchWebhook(chat, ann, { webhook_id: first.id, disabled: true });
  const third = await make();
  expect(await refusalOf(patchWebhook(chat, ann, { webhook_id: first.id, disabled: false }))).toBe("conflict");
  expect(
    endpointsOf(chat)
      .of(ann.tenant_id)
      .map(({ id }) => id),
  ).toEqual([second.id, third.id]);
  await removeWebhook(chat, ann, { webhook_id: second.id });
  expect((await patchWebhook(chat, ann, { webhook_id: first.id, disabled: false })).disabled_at).toBeUndefined();
});

test("what an older line of the secret has sealed is sealed anew by the first, so that the older one may go; what no line opens stays as it is", async () => {
  const { chat, ann, mallory } = here;
  const made = await createWebhook(chat, ann, { url: "https://app.example.org/in", events: ["message.created"] });
  const { secret } = await rotateSecret(chat, ann, { webhook_id: made.id });
  const lost = await createWebhook(chat, mallory, { url: "https://app.example.org/in", events: ["message.created"] });
  const { webhooks } = chat.store.t;
  const rowOf = async (id: string) => {
    const [row] = await chat.store.read.select().from(webhooks).where(eq(webhooks.id, id));
    return row ?? expect.unreachable();
  };
  const strange = [{ sealed: "gone.aaaa.bbbb", until: null }];
  await chat.store.write((tx) => tx.update(webhooks).set({ secrets: strange }).where(eq(webhooks.id, lost.id)));
  const both = { ...chat, keys: { ...chat.keys, sealing: [NEW, OLD] } };
  await resealSecrets(both);
  const alone = { ...chat, keys: { ...chat.keys, sealing: [NEW] } };
  expect(secretsOf(alone, await rowOf(made.id))).toEqual([secret, made.secret]);
  expect(JSON.stringify(await rowOf(made.id))).not.toContain("test.");
  expect((await rowOf(lost.id)).secrets).toEqual(strange);
  expect(here.faults).toHaveLength(1);
  const before = await rowOf(made.id);
  await resealSecrets(both);
  expect(await rowOf(made.id)).toEqual(before); // nothing is sealed twice
});
