/** Two instances over one Postgres, and a balancer that sends each request wherever it likes. */
import { expect, test } from "bun:test";
import { redeemTicket } from "../chat/tickets.ts";
import { byKey, keyBy, serverOf } from "../testing/keys.ts";
import { twoInstances } from "../testing/instances.ts";
import { openDoor, visit } from "../testing/visitor.ts";

test("any instance serves any credential of another: a sign-in and its refresh, a key, a minted token, a ticket, an answer kept for a retry", async () => {
  const both = await twoInstances();
  try {
    const [here, there] = [openDoor(both.here), openDoor(both.there)];
    const { body: code } = await visit(here, both.ann).post("/admin/invites", { role: "member", expires_in_seconds: 600, max_uses: 1 });
    const account = { username: "dora", password: "correct horse anywhere" };
    expect((await visit(there, null).post("/auth/register", { ...account, code: code.code })).status).toBe(201);
    const { body: first } = await visit(here, null).post("/auth/login", account);
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect((await visit(there, null).get("/me", undefined, bearer(first.access_token))).body.username).toBe("dora");
    const { body: second } = await visit(there, null).post("/auth/refresh", { refresh_token: first.refresh_token });
    expect((await visit(here, null).get("/me", undefined, bearer(second.access_token))).body.username).toBe("dora");

    const key = await keyBy(both.here.chat, both.ann);
    const { body: minted } = await serverOf(there, key)("POST", "/auth/tokens", { user_id: "sue", ttl_seconds: 600 });
    expect((await visit(here, null).get("/me", undefined, bearer(minted.access_token))).body.id).toBe("sue");
    const { body: ticket } = await visit(here, null).ask("POST", "/api/v1/ws/tickets", {}, byKey(key, "sue"));
    expect(await redeemTicket(both.there.chat, { ticket: ticket.ticket, origin: null })).toMatchObject({ user_id: "sue" });

    const keyed = { "idempotency-key": "anywhere-0000001" };
    const made = await visit(here, both.ann).post("/rooms", { type: "channel", name: "anywhere", visibility: "private" }, keyed);
    const again = await visit(there, both.ann).post("/rooms", { type: "channel", name: "anywhere", visibility: "private" }, keyed);
    expect([made.status, again.status, again.body]).toEqual([201, 201, made.body]);
  } finally {
    await both.dispose();
  }
});
