/** A room of Prosody: SASL ANONYMOUS, a room of its MUC component, posts as `groupchat`. Only as much XMPP as that needs. */
import { join } from "node:path";
import { draftOf } from "./draft.ts";
import type { Job, Measured } from "./job.ts";
import { takeSample } from "./sample.ts";
import { XMPP_HOST } from "./subject.ts";

const ROOM = `load@rooms.${XMPP_HOST}`;

/** Fan-out as Snug does it: a post is delivered when every occupant has it, then the next is sent. Its archive is audited afterwards. */
export async function xmppFanOut({ target, sender, hearers, in_flight, span }: Extract<Job, { kind: "fan-out" }>): Promise<Measured> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const contents: string[] = [];
  const sentAt: number[] = [];
  const reached: number[] = [];
  let delivered = 0;
  let over = false;
  const level = Promise.withResolvers<void>();
  const post = (): void => {
    const { content } = draftOf(sender, contents.length);
    contents.push(content);
    sentAt.push(performance.now());
    mouth.write(`<message to='${ROOM}' type='groupchat' id='${contents.length}'><body>${content}</body></message>`);
  };
  const hear = (): ((body: string) => void) => {
    let next = 0;
    return (body) => {
      if (body !== contents[next]) return failed.reject(new Error(`Heard ${body}, owed ${contents[next] ?? "nothing"}`));
      reached[next] = (reached[next] ?? 0) + 1;
      next += 1;
      while (reached[delivered] === hearers.length) {
        sample.took(performance.now() - (sentAt[delivered] ?? 0));
        sample.count(hearers.length);
        delivered += 1;
        if (!over) post();
        else if (delivered === contents.length) level.resolve();
      }
    };
  };
  const ears = [];
  for (const [i] of hearers.entries()) ears.push(await enter(target.port, `hearer${i}`, hear()));
  const mouth = await enter(target.port, "sender", () => {});
  await Bun.sleep(1_500);
  const sample = takeSample(target, span);
  const before = ears.reduce((sum, { received }) => sum + received(), 0);
  for (let i = 0; i < in_flight; i += 1) post();
  const measured = await Promise.race([sample.over, failed.promise]);
  over = true;
  if (delivered < contents.length)
    await Promise.race([level.promise, failed.promise, Bun.sleep(PATIENCE_MS).then(() => failed.reject(new Error("Not all was delivered")))]);
  const bytes = (ears.reduce((sum, { received }) => sum + received(), 0) - before) / Math.max(1, delivered * hearers.length);
  const audited = target.database === null ? 0 : await archived(target.database, contents);
  return { ...measured, bytes, audited, more: {} };
}

type Occupant = { write(text: string): void; received(): number };

/** Resolves when the room has let it in. `onBody` hears each post. */
async function enter(port: number, nick: string, onBody: (body: string) => void): Promise<Occupant> {
  let text = "";
  let received = 0;
  let awaited: { sign: string; told: () => void } | null = null;
  let inside = false;
  const decoder = new TextDecoder();
  const take = (bytes: Buffer): void => {
    received += bytes.length;
    text += decoder.decode(bytes, { stream: true });
    if (awaited && text.includes(awaited.sign)) {
      const { told } = awaited;
      awaited = null;
      text = "";
      told();
    }
    if (!inside) return;
    for (let end = text.indexOf("</message>"); end >= 0; end = text.indexOf("</message>")) {
      const stanza = text.slice(0, end);
      text = text.slice(end + 10);
      const from = stanza.indexOf("<body>");
      if (from >= 0) onBody(stanza.slice(from + 6, stanza.indexOf("</body>")));
    }
  };
  const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { binaryType: "buffer", data: (_, bytes) => take(bytes) } });
  socket.setNoDelay(true);
  const say = (said: string, sign: string): Promise<void> =>
    new Promise((told) => {
      awaited = { sign, told };
      socket.write(said);
    });
  const stream = `<?xml version='1.0'?><stream:stream to='${XMPP_HOST}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
  await say(stream, "</stream:features>");
  await say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>", "<success");
  await say(stream, "</stream:features>");
  await say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>");
  await say(`<presence to='${ROOM}/${nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`, "<subject");
  inside = true;
  return { write: (said) => void socket.write(said), received: () => received };
}

/** Throws unless each post stands in the archive; gives how many do. */
async function archived(folder: string, contents: readonly string[]): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const texts = await Promise.all([...new Bun.Glob("**/*.list").scanSync(folder)].map((path) => Bun.file(join(folder, path)).text()));
    const bodies = new Set(texts.flatMap((text) => [...text.matchAll(/"([0-9a-v]{23} [^"\\]*)"/gu)].map(([, body]) => body)));
    const lost = contents.filter((content) => !bodies.has(content));
    if (lost.length === 0) return contents.length;
    if (performance.now() > until) throw new Error(`${lost.length} of ${contents.length} posts are not in the archive: ${lost[0] ?? ""}`);
    await Bun.sleep(200);
  }
}

const PATIENCE_MS = 20_000;
