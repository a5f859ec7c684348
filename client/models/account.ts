/** Who is signed in on this device. */
import { action, createModel, signal } from "@preact/signals";
import type { Invite, InviteCheck, Me, Tokens } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";

export type Account = InstanceType<typeof AccountModel>;
export type AccountState = "unknown" | "offline" | "setup" | "signed_out" | "signed_in" | "ended" | "disabled";

export const AccountModel = createModel((api: Api) => {
  const state = signal<AccountState>("unknown");
  const me = signal<Me | null>(null);

  const entered = action((who: Me) => {
    me.value = who;
    state.value = "signed_in";
  });
  const be = action((next: AccountState) => {
    state.value = next;
  });
  const enter = async ({ access_token }: Tokens): Promise<void> => {
    api.hold(access_token);
    entered(await api.get<Me>("/me"));
  };

  return {
    state,
    me,
    /** Finds out: signed in by the cookie, signed out, or a server without a workspace. */
    async find(): Promise<void> {
      try {
        if (await api.refresh()) return entered(await api.get<Me>("/me"));
        const open = await api.get<{ open: boolean }>("/setup").catch((fault: unknown) => {
          if (fault instanceof ApiError && fault.code === "not_found") return { open: false };
          throw fault;
        });
        be(open.open ? "setup" : "signed_out");
      } catch {
        be("offline");
      }
    },
    setUp: async (input: { setup_token: string; workspace: string; username: string; password: string }): Promise<void> =>
      enter(await api.post<Tokens>("/setup", input)),
    signIn: async (username: string, password: string): Promise<void> =>
      enter(await api.post<Tokens>("/auth/login", { username, password, session: "cookie" })),
    async register(username: string, password: string, code?: string): Promise<void> {
      await api.post("/auth/register", { username, password, ...(code !== undefined && { code }) });
      return enter(await api.post<Tokens>("/auth/login", { username, password, session: "cookie" }));
    },
    checkInvite: (code: string): Promise<InviteCheck> => api.post<InviteCheck>("/invites/check", { code }),
    makeInvite: (): Promise<Invite> => api.post<Invite>("/admin/invites", { role: "member", expires_in_seconds: 7 * 86_400, max_uses: 10 }),
    async signOut(): Promise<void> {
      await api.post("/auth/logout").catch(() => undefined);
      api.hold(null);
      me.value = null;
      be("signed_out");
    },
    /** The server ended it. */
    end(next: "ended" | "disabled"): void {
      api.hold(null);
      state.value = next;
    },
    be,
  };
});
