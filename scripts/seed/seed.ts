/** Brings a conversation and its people to a place, and says how to look at it. */
import type { Line, Speaker } from "../../server/chat/conversation.ts";
import { namesIn } from "../../server/chat/mentions.ts";

/** Where it goes: a stopped data folder (here.ts), or a running server (beside.ts). */
export type Place = {
  /** Makes the workspace if there is none, owned by `owner`; true if it did. Resolves when the channel is there. */
  begin(wish: { owner: string | undefined; password: string; channel: Channel }): Promise<boolean>;
  /** As Conversation's, for any number at once; `told` hears how many of them are done. */
  seat(speakers: readonly Speaker[], told: (done: number) => void): Promise<void>;
  put(lines: readonly Line[], told: (done: number) => void): Promise<number>;
  givePassword(username: string, password: string): Promise<void>;
};
export type Channel = { channel: string; description: string; born_at: number };

export type Wish = {
  channel: string;
  /** Whom to sign in as. */
  as?: string | undefined;
  /** Theirs. */
  password: string;
  progress: Progress;
};
export type Progress = (done: number, all: number, what: string) => void;

/** What a person at the terminal reads in the end. */
export async function seed(place: Place, said: readonly Line[], { channel, as, password, progress }: Wish): Promise<string> {
  const speakers = speakersOf(said);
  const owner = as ?? mostTalkative(said);
  const description = `${counted(said.length)} messages of ${counted(speakers.length)} people, from elsewhere`;
  const made = await place.begin({ owner, password, channel: { channel, description, born_at: said[0]?.at ?? 0 } });
  await place.seat(speakers, (done) => progress(done, speakers.length, "people"));
  const fresh = await place.put(said, (done) => progress(done, said.length, "messages"));
  const seat = made ? owner : as;
  if (!made && seat !== undefined) await place.givePassword(seat, password);
  const stored = `${counted(fresh)} of ${counted(said.length)} messages are new in #${channel}.\n`;
  return stored + (seat === undefined ? "Sign in as somebody of it: run this again with --as NAME.\n" : `Sign in as ${seat}, password ${password}\n`);
}

const counted = (n: number): string => n.toLocaleString("en");

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
