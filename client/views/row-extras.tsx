import "../styles/row-extras.css";
import { useEffect } from "preact/hooks";
import type { Message } from "../../server/protocol.ts";
import { fullTimeOf } from "../lib/dates.ts";
import { language } from "../lib/language.ts";
import { extrasStrings as words } from "../lib/row-extras-strings.ts";
import type { App } from "../models/app.ts";
import { pinsOf } from "../models/pins.ts";
import { reactionsOf, type Shown } from "../models/reactions.ts";
import { savedOf } from "../models/saved.ts";
import { Icon } from "./icon.tsx";
import { nameOf } from "./names.ts";

type Props = { app: App; message: Message };

const QUICK = 3;

/** What stands under a message: who pinned it, that one has saved it, and the reactions, which one gives and takes back by a press. */
export function Below({ app, message, isSaved }: Props & { isSaved: boolean }) {
  const reactions = reactionsOf(app);
  const shown = reactions.shown(message);
  const { pinned_at, pinned_by = "" } = message;
  const isOpen = app.rooms.rooms.value.get(message.room_id)?.archived_at === undefined;
  useEffect(() => {
    savedOf(app); // from now on it is known which rows are saved
    if (shown.length > 0) needNames(app);
    void reactions.need(message);
    reactions.meet([...(message.reactions ?? []).flatMap(({ user_ids }) => user_ids), ...(pinned_by === "" ? [] : [pinned_by])]);
  }, [message.rev]);
  if (shown.length === 0 && pinned_at === undefined && !isSaved) return null;
  return (
    <div class="message__below">
      {pinned_at !== undefined && (
        <span class="row-sign" title={words.pinned_by(nameOf(app, pinned_by), fullTimeOf(pinned_at))}>
          <Icon sign="pin" />
          {words.pinned}
        </span>
      )}
      {isSaved && (
        <span class="row-sign">
          <Icon sign="bookmark" />
          {words.saved}
        </span>
      )}
      {shown.map((one) => (
        <Chip key={one.emoji} app={app} message={message} one={one} isOpen={isOpen} />
      ))}
      {shown.length > 0 && isOpen && <AddReaction app={app} message={message} look="reaction" />}
    </div>
  );
}

function Chip({ app, message, one, isOpen }: Props & { one: Shown; isOpen: boolean }) {
  const { emoji, count, mine } = one;
  const names = namesOf(app, one);
  const called = calledOf(app, emoji);
  return (
    <button
      class="reaction"
      type="button"
      tabIndex={-1}
      aria-pressed={mine}
      aria-label={words.label(called, count, names)}
      title={words.reacted(names, called)}
      disabled={!isOpen}
      onClick={({ currentTarget }) => press(app, message, emoji, currentTarget)}
    >
      <span aria-hidden="true">{emoji}</span>
      <span class="reaction__count" aria-hidden="true">
        {count}
      </span>
    </button>
  );
}

/** In English an emoji stands for itself, and nothing is fetched; but names in another language go with it. */
function needNames({ names }: App): void {
  if (language() === "zh" || names.emoji.peek() !== null) void names.needEmoji();
}

const calledOf = (app: App, emoji: string): string => app.names.emoji.value?.called.get(emoji) ?? emoji;

function namesOf(app: App, { user_ids, count, mine }: Shown): string[] {
  const me = app.account.me.value?.id;
  const others = user_ids.filter((id) => id !== me);
  const unnamed = count - others.length - (mine ? 1 : 0);
  return [...(mine ? [words.you] : []), ...others.map((id) => nameOf(app, id)), ...(unnamed > 0 ? [words.others(unnamed)] : [])];
}

/** The chip of the last who took theirs back is gone with the focus: that goes to the message. */
function press(app: App, message: Message, emoji: string, chip: HTMLElement): void {
  const article = chip.closest<HTMLElement>("article");
  const hadFocus = document.activeElement === chip;
  void app
    .attempt(() => reactionsOf(app).toggle(message, emoji))
    .then(() => {
      if (hadFocus && !chip.isConnected && document.activeElement === document.body) article?.focus();
    });
}

/** In the bar of a row: the last used at hand, and all of them a press away. */
export function Quick({ app, message }: Props) {
  const reactions = reactionsOf(app);
  const mine = new Set(reactions.shown(message).flatMap((one) => (one.mine ? [one.emoji] : [])));
  const isOpen = app.rooms.rooms.value.get(message.room_id)?.archived_at === undefined;
  const recent = reactions.recent.value.slice(0, QUICK).map((emoji) => ({ emoji, told: words.react_with(calledOf(app, emoji)) }));
  useEffect(() => {
    savedOf(app);
    needNames(app);
  }, []);
  if (!isOpen) return null;
  return (
    <>
      {recent.map(({ emoji, told }) => (
        <button
          class="message__act"
          type="button"
          tabIndex={-1}
          key={emoji}
          aria-pressed={mine.has(emoji)}
          aria-label={told}
          title={told}
          onClick={() => void app.attempt(() => reactions.toggle(message, emoji))}
        >
          <span aria-hidden="true">{emoji}</span>
        </button>
      ))}
      <AddReaction app={app} message={message} look="message__act" />
    </>
  );
}

/** Leads to all emoji: a chip among those under a message, an act in its bar. */
function AddReaction({ app, message, look }: Props & { look: "reaction" | "message__act" }) {
  return (
    <button
      class={look}
      type="button"
      tabIndex={-1}
      aria-haspopup="dialog"
      aria-label={words.add_reaction}
      title={words.add_reaction}
      onClick={({ currentTarget }) => pick(app, message, currentTarget)}
    >
      <Icon sign="smile" />
    </button>
  );
}

/** Opens the picker beside this control, or beside the message's row; what is picked is given. */
export async function pick(app: App, message: Message, beside: Element | null = spotOf(message)): Promise<void> {
  await openPicker(app, beside, (emoji) => {
    const isMine = reactionsOf(app)
      .shown(message)
      .some((one) => one.emoji === emoji && one.mine);
    if (!isMine) void app.attempt(() => reactionsOf(app).toggle(message, emoji));
  });
}

export async function openPicker(app: App, beside: Element | null, take: (emoji: string) => void): Promise<void> {
  const { showPicker } = await import("./emoji-picker.tsx");
  showPicker(app, beside, (emoji) => {
    reactionsOf(app).remember(emoji);
    take(emoji);
  });
}

/** The row that has the focus, which may be one of a thread; by its bar, where that shows. */
function spotOf({ seq }: Message): Element | null {
  const row = document.activeElement?.closest("article") ?? document.querySelector(`[data-seq="${seq}"] article`);
  return row?.querySelector(".message__bar [aria-haspopup=dialog]") ?? row;
}

export const pin = (app: App, message: Message): Promise<void> => pinsOf(app).toggle(message);

export async function save(app: App, message: Message): Promise<void> {
  const isSaved = await savedOf(app).toggle(message);
  app.say(isSaved ? words.was_saved : words.was_unsaved, "done");
}
