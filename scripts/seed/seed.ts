/** Brings a conversation and its people into a store, and says how to look at it. */
import type { Chat } from "../../server/chat/chat.ts";
import { type Line, openConversation, type Speaker } from "../../server/chat/conversation.ts";
import { namesIn } from "../../server/chat/mentions.ts";
import { resetPassword } from "../../server/chat/sign-ins.ts";
import { setUp, tenantOf } from "../../server/chat/tenants.ts";

export type Wish = {
  channel: string;
  /** Whom to sign in as. */
  as?: string | undefined;
  /** Theirs; made when it is not given. */
  password?: string | undefined;
  progress: Progress;
};
export type Progress = (done: number, all: number, what: string) => void;

const DEVICE = { device: "bun run seed", address: "" };
const SEATS = 500;
const LINES = 1_000; // a transaction of some tens of milliseconds

/** What a person at the terminal reads in the end. */
export async function seed(chat: Chat, said: readonly Line[], { channel, as, password, progress }: Wish): Promise<string> {
  const speakers = speakersOf(said);
  const made = (await tenantOf(chat, "")) === null;
  const seat = as ?? (made ? mostTalkative(said) : undefined);
  const given = password ?? chat.newSecret().slice(0, 20);
  if (made && seat !== undefined) await makeWorkspace(chat, seat, given);
  const tenant = await tenantOf(chat, "");
  if (!tenant) return "There was nothing to put in.\n";

  const description = `${said.length.toLocaleString("en")} messages of ${speakers.length.toLocaleString("en")} people, from elsewhere`;
  const conversation = await openConversation(chat, tenant.id, { channel, description, born_at: said[0]?.at ?? chat.now() });
  let fresh = 0;
  for (let i = 0; i < speakers.length; i += SEATS) {
    await conversation.seat(speakers.slice(i, i + SEATS));
    progress(Math.min(i + SEATS, speakers.length), speakers.length, "people");
  }
  for (let i = 0; i < said.length; i += LINES) {
    fresh += await conversation.put(said.slice(i, i + LINES));
    progress(Math.min(i + LINES, said.length), said.length, "messages");
    await chat.store.tend(); // or the log grows until the end
  }
  if (!made && seat !== undefined) await resetPassword(chat, tenant, { username: seat, password: given });
  const stored = `${fresh.toLocaleString("en")} of ${said.length.toLocaleString("en")} messages are new in #${channel}, workspace ${tenant.name}.\n`;
  return stored + (seat === undefined ? "Sign in as somebody of it: run this again with --as NAME.\n" : `Sign in as ${seat}, password ${given}\n`);
}

/** Everybody who speaks, in the order in which they are first there: when they speak, or are spoken to by name. */
export function speakersOf(said: readonly Line[]): Speaker[] {
  const speaking = new Set(said.map(({ username }) => username));
  const first = new Map<string, number>();
  for (const { at, username, content } of said)
    for (const name of [username, ...namesIn(content)]) if (speaking.has(name) && !first.has(name)) first.set(name, at);
  return [...first].map(([username, at]) => ({ username, at }));
}

function mostTalkative(said: readonly Line[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { username } of said) counts.set(username, (counts.get(username) ?? 0) + 1);
  return [...counts].reduce<[string, number] | undefined>((most, one) => (most && most[1] >= one[1] ? most : one), undefined)?.[0];
}

async function makeWorkspace(chat: Chat, username: string, password: string): Promise<void> {
  await setUp(chat, { setup_token: chat.keys.setup_token, workspace: "A real conversation", username, password }, DEVICE);
}
