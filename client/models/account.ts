/** Who is signed in on this device. */
import { action, createModel, signal } from "@preact/signals";
import type { Invite, InviteCheck, Me, PatchMe, Tokens } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";

export type Account = InstanceType<typeof AccountModel>;
/** `ended`, `disabled` and `outdated` are the server's word: the sign-in, the account or this page's protocol is no longer good. */
export type AccountState = "unknown" | "offline" | "setup" | "signed_out" | "signed_in" | "ended" | "disabled" | "outdated";
/** What is known of the invitation whose link was opened; null while that is being asked. */
export type Invitation = InviteCheck | null;

export const AccountModel = createModel((api: Api) => {
  const state = signal<AccountState>("unknown");
  const me = signal<Me | null>(null);
  const invitation = signal<Invitation>(null);

  const entered = action((who: Me) => {
    me.value = who;
    state.value = "signed_in";
  });
  const why = signal<string | null>(null);
  const be = action((next: AccountState, words: string | null = null) => {
    state.value = next;
    why.value = words;
  });
  const left = action((next: AccountState) => {
    api.hold(null);
    me.value = null;
    state.value = next;
  });
  const invited = action((to: Invitation) => {
    invitation.value = to;
  });
  const changed = action((to: Me) => {
    me.value = to;
  });
  const enter = async (tokens: Tokens): Promise<void> => {
    api.hold(tokens);
    entered(await api.get<Me>("/me"));
  };

  return {
    state,
    me,
    invitation,
    /** What the sign-in page says over its form, when somebody was led there. */
    why,
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
    /** Names the workspace of an invitation, or finds that it does not open the door; with no code, what the door is like. */
    async look(code: string): Promise<void> {
      invited(null);
      invited(await api.post<InviteCheck>("/invites/check", { code }).catch((): InviteCheck => ({ workspace: "", valid: false, registration: "" })));
    },
    /** Another device of this person has set this. */
    heard(settings: Me["settings"]): void {
      if (me.value) me.value = { ...me.value, settings };
    },
    /** What an answer says of oneself. */
    changed,
    /** One's own name, settings and status; a setting of null goes. */
    change: async (to: PatchMe): Promise<void> => changed(await api.patch<Me>("/me", to)),
    /** Ends every other sign-in of this person. */
    changePassword: (current_password: string, password: string): Promise<void> => api.put<void>("/auth/password", { current_password, password }),
    makeInvite: (): Promise<Invite> => api.post<Invite>("/admin/invites", { role: "member", expires_in_seconds: 7 * 86_400, max_uses: 10 }),
    async signOut(): Promise<void> {
      await api.post("/auth/logout").catch(() => undefined);
      left("signed_out");
    },
    /** The server ended it. */
    end: (next: "ended" | "disabled" | "outdated"): void => left(next),
    be,
  };
});
