/** Invitations: who may join by them, how often and until when. */
import { action, signal } from "@preact/signals";
import type { Invite, List, NewInvite } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

export type InviteState = "open" | "revoked" | "expired" | "used_up";

/** Why an invitation no longer opens, if it does not. */
export function stateOf({ revoked_at, expires_at, used_count, max_uses }: Invite, now: number): InviteState {
  if (revoked_at !== undefined) return "revoked";
  if (used_count >= max_uses) return "used_up";
  return Date.parse(expires_at) <= now ? "expired" : "open";
}

export function createInvites(api: Pick<Api, "get" | "post" | "delete">) {
  const pages = createPages<Invite, null>((_query, cursor) => {
    const asked = new URLSearchParams({ limit: "50", ...(cursor !== undefined && { cursor }) });
    return api.get<List<Invite>>(`/admin/invites?${asked}`);
  });
  const made = signal<(Invite & { code: string }) | null>(null);
  const copied = signal(false);
  const took = action((invite: Invite): void => {
    const { code, ...rest } = invite;
    pages.put(rest);
    made.value = code === undefined ? null : { ...rest, code };
    copied.value = false;
  });
  return {
    ...pages,
    /** The one just made, with its code: that is told once, and forgotten with this. */
    made,
    copied,
    wasCopied: action((): void => {
      copied.value = true;
    }),
    forget: action((): void => {
      made.value = null;
    }),
    make: async (wish: NewInvite): Promise<void> => took(await api.post<Invite>("/admin/invites", wish)),
    async revoke(invite: Invite, now: string): Promise<void> {
      await api.delete<void>(`/admin/invites/${invite.id}`);
      pages.put({ ...invite, revoked_at: now });
    },
  };
}
