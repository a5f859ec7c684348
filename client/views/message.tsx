import "../styles/message.css";
import type { Message } from "../../server/protocol.ts";
import { fullTimeOf, narrowTimeOf, timeOf } from "../lib/dates.ts";
import { saidIn } from "../lib/said.ts";
import { reasonOf, strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { atOf, type Post, senderOf } from "../models/lines.ts";
import type { Pending } from "../models/outbox.ts";
import { showCard } from "./card.tsx";
import { EditForm } from "./edit-form.tsx";
import { RowFiles } from "./files.tsx";
import { Icon, type Sign } from "./icon.tsx";
import { Face } from "./face.tsx";
import { nameOf } from "./names.ts";
import { Quote } from "./quote.tsx";
import { RepliesLine } from "./replies.tsx";
import { actsFor } from "./row-acts.ts";
import { Below, Quick } from "./row-late.tsx";
import { StatusSign } from "./status-sign.tsx";
import { Text } from "./text.tsx";
import { giveBack } from "./writing.ts";

type Props = {
  app: App;
  rowKey: string;
  /** One of both: the row is one component, so that a pending post keeps its nodes when it is stored. */
  message: Message | undefined;
  entry: Pending | undefined;
  grouped: boolean;
  editing: boolean;
  /** Whether the pointer or the focus is on it, so that it shows what can be done. */
  pointed: boolean;
  /** Whether its menu is open. */
  acted: boolean;
  /** Whether an address or a quote has just led here. */
  marked: boolean;
  /** Whether it stands in a thread, where all answer one message. */
  threaded?: boolean;
};

/** Reads signals and keeps no state: so it is drawn again only when its own props or names change, however many rows come. */
export function PostRow({ app, rowKey, message, entry, grouped, editing, pointed, acted, marked, threaded = false }: Props) {
  const me = app.account.me.value?.id ?? "";
  const post = message ? { message } : entry && { entry };
  if (!post) return null;
  const sender_id = senderOf(post);
  const name = nameOf(app, sender_id);
  const at = atOf(post);
  const room_id = message?.room_id ?? entry?.room_id ?? "";
  const reply_to = message ? message.reply_to : entry?.reply_to;
  const isRemoved = message?.removed_at !== undefined;
  const isJoined = grouped || isRemoved; // to what stands above: no face, no name
  const isMention = !isRemoved && message?.mentions.includes(me) === true;
  return (
    <li
      class="message"
      data-key={rowKey}
      data-seq={message?.seq}
      data-grouped={isJoined}
      data-removed={isRemoved}
      data-mention={isMention}
      data-state={entry?.state}
      data-acted={acted}
      data-marked={marked}
    >
      <article class="message__body" aria-label={labelOf(post, name, at)} tabIndex={-1}>
        {!isJoined && <Face app={app} id={sender_id} name={name} part="message__face" />}
        <header class="message__head">
          <button class="message__name" type="button" tabIndex={-1} title={name} aria-haspopup="dialog" onClick={() => showCard(app, sender_id)}>
            <bdi>{name}</bdi>
          </button>
          {!isJoined && <StatusSign user={app.people.of(sender_id).value} />}
          <time class="message__time" dateTime={at} title={fullTimeOf(at)}>
            {isJoined ? narrowTimeOf(at) : timeOf(at)}
          </time>
        </header>
        {typeof reply_to === "string" && !isRemoved && !threaded && (
          <div class="message__quote">
            <Quote app={app} room_id={room_id} id={reply_to} />
          </div>
        )}
        {message && editing ? (
          <div class="message__edit">
            <EditForm app={app} message={message} />
          </div>
        ) : (
          <Content app={app} message={message} entry={entry} />
        )}
        {message && !editing && !isRemoved && <Below app={app} message={message} />}
        {message?.replies && !threaded && <RepliesLine app={app} message={message} replies={message.replies} />}
        {entry && entry.state !== "sending" && <Unsent app={app} entry={entry} />}
        {message && pointed && !editing && !isRemoved && <Bar app={app} message={message} threaded={threaded} />}
      </article>
    </li>
  );
}

const LABEL_MAX = 300;

function labelOf({ message, entry }: Post, name: string, at: string): string {
  const text = message?.removed_at === undefined ? saidIn(message ?? { content: entry?.content ?? "", files: entry?.shown }) : strings.removed;
  const short = text.length > LABEL_MAX ? `${text.slice(0, LABEL_MAX)}…` : text;
  return strings.row_label([name, timeOf(at), short, ...(message?.edited_at === undefined ? [] : [strings.edited])]);
}

function Content({ app, message, entry }: Pick<Props, "app" | "message" | "entry">) {
  if (message?.removed_at !== undefined) return <p class="message__removed">{strings.removed}</p>;
  const content = message?.content ?? entry?.content ?? "";
  const files = message ? message.files : entry?.shown;
  const tail = message?.edited_at === undefined ? entry?.state === "sending" && sending() : edited(message.edited_at);
  return (
    <div class="message__text">
      {(content !== "" || tail) && (
        <div class="text">
          <Text app={app} content={content} {...(tail && { tail })} />
        </div>
      )}
      {files && <RowFiles app={app} files={files} />}
    </div>
  );
}

const edited = (at: string) => (
  <span class="text__tail" title={fullTimeOf(at)}>
    ({strings.edited})
  </span>
);

/** A clock behind the last word: where it goes without moving anything, once the message is stored. */
const sending = () => (
  <span class="text__tail" data-state="sending" title={strings.sending}>
    <Icon sign="clock" />
    <span class="hidden">{strings.sending}</span>
  </span>
);

const signs: Record<string, Sign> = { reply: "reply", thread: "message", edit: "pencil" };

/** The nearest of what can be done; the rest is in the menu. */
function Bar({ app, message, threaded }: { app: App; message: Message; threaded: boolean }) {
  const near = actsFor(app, message).flatMap((act) => {
    const sign = signs[act.name];
    return sign && !(threaded && act.name === "thread") ? [{ ...act, sign }] : [];
  });
  const openMenu = (event: MouseEvent & { currentTarget: HTMLElement }): void => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    app.acts.openMenu(message, { x: left, y: bottom });
  };
  return (
    <div class="message__bar">
      <Quick app={app} message={message} />
      {near.map(({ name, label, sign, run }) => (
        <button class="message__act" type="button" tabIndex={-1} aria-label={label} title={label} key={name} onClick={run}>
          <Icon sign={sign} />
        </button>
      ))}
      <button class="message__act" type="button" tabIndex={-1} aria-label={strings.more} title={strings.more} aria-haspopup="menu" onClick={openMenu}>
        <Icon sign="more" />
      </button>
    </div>
  );
}

function takeBack(app: App, entry: Pending): void {
  const { room_id, shown } = entry;
  if (shown) void app.files.giveBack(room_id, shown);
  giveBack(entry, app.outbox.discard(entry.client_id));
}

/** What became of a post that does not get there, and what can be done. */
function Unsent({ app, entry }: { app: App; entry: Pending }) {
  const { client_id, state, reason = "" } = entry;
  return (
    <p class="message__state">
      {state === "refused"
        ? strings.refused(reasonOf(reason))
        : reason === "storage_full"
          ? strings.not_sent_since(reasonOf(reason))
          : strings.not_sent}
      {state === "late" && (
        <button class="link" type="button" onClick={() => app.outbox.retry(client_id)}>
          {strings.retry}
        </button>
      )}
      <button class="link" type="button" onClick={() => takeBack(app, entry)}>
        {strings.edit}
      </button>
      <button class="link" type="button" onClick={() => app.outbox.discard(client_id)}>
        {strings.discard}
      </button>
    </p>
  );
}
