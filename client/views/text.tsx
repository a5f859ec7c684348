import "../styles/text.css";
import type { VNode } from "preact";
import { useEffect, useErrorBoundary } from "preact/hooks";
import { copyText } from "../lib/clipboard.ts";
import { blocksOf, type Block, directionOf, type Inline } from "../lib/markdown.ts";
import { endsCut, type Word } from "../lib/words.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { showCard } from "./card.tsx";

/** `tail` are words of ours behind the last of theirs. */
type Props = { app: App; content: string; tail?: VNode };
type Named = Extract<Word, { name: string }>;

/** What somebody wrote, as it was meant. A text that cannot be drawn so is shown as it was typed. */
export function Text({ app, content, tail }: Props) {
  const [fault] = useErrorBoundary();
  if (fault !== undefined) return <p dir="auto">{content}</p>;
  return <Formatted app={app} content={content} {...(tail && { tail })} />;
}

function Formatted({ app, content, tail }: Props) {
  const blocks = blocksOf(content);
  const last = blocks.at(-1);
  const isLine = last?.kind === "paragraph"; // where the tail still fits on
  return (
    <>
      {(isLine ? blocks.slice(0, -1) : blocks).map((block) => drawBlock(app, block))}
      {isLine ? (
        <p dir="auto" data-large={(blocks.length === 1 && last.children.every(isEmoji)) || undefined}>
          {drawInlines(app, last.children)}
          {tail && <> {tail}</>}
        </p>
      ) : (
        tail && <p>{tail}</p>
      )}
    </>
  );
}

function drawBlock(app: App, block: Block): VNode {
  if (block.kind === "paragraph") return <p dir="auto">{drawInlines(app, block.children)}</p>;
  if (block.kind === "fence") return <Fence text={block.text} language={block.language} />;
  if (block.kind === "quote") {
    return (
      <blockquote class="text__quote" dir={directionOf(block)}>
        {block.children.map((child) => drawBlock(app, child))}
      </blockquote>
    );
  }
  const items = block.items.map((item) => <li>{item.map((child) => drawBlock(app, child))}</li>);
  if (block.start === null) {
    return (
      <ul class="text__list" dir={directionOf(block)}>
        {items}
      </ul>
    );
  }
  return (
    <ol class="text__list" dir={directionOf(block)} start={block.start}>
      {items}
    </ol>
  );
}

const EMOJI = /^\s*(?:(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\u200d|\ufe0f)\s*){0,24}$/u;

/** What is said by signs alone is said larger. */
const isEmoji = (inline: Inline): boolean => inline.kind === "emoji" || (inline.kind === "text" && EMOJI.test(inline.text));

const emphases = { strong: "strong", emphasis: "em", delete: "s" } as const;

const drawInlines = (app: App, inlines: readonly Inline[]): (VNode | string)[] => inlines.map((inline) => drawInline(app, inline));

function drawInline(app: App, inline: Inline): VNode | string {
  if (inline.kind === "text") return inline.text;
  if (inline.kind === "break") return "\n";
  if (inline.kind === "mention") return <Mention app={app} word={inline} />;
  if (inline.kind === "room") return <RoomName app={app} word={inline} />;
  if (inline.kind === "emoji") return <Emoji app={app} word={inline} />;
  if (inline.kind === "code") {
    return (
      <code class="text__code" dir="ltr">
        {inline.text}
      </code>
    );
  }
  if (inline.kind === "link") {
    return (
      <a href={inline.href} target="_blank" rel="noopener noreferrer nofollow" tabIndex={-1}>
        {drawInlines(app, inline.children)}
      </a>
    );
  }
  const Emphasis = emphases[inline.kind];
  return <Emphasis>{drawInlines(app, inline.children)}</Emphasis>;
}

/** Somebody of ours by their name, whoever else is called so stays as typed. */
function Mention({ app, word }: { app: App; word: Named }) {
  const persons = app.names.persons.value;
  const me = app.account.me.value?.username;
  if (word.name.toLowerCase() === "room") return <Name mine={true} name="room" typed={word.text} rest="" />;
  const cut = endsCut(word.name);
  const [user, rest] = [
    [persons.get(word.name.toLowerCase()), ""] as const,
    [persons.get(cut.toLowerCase()), word.name.slice(cut.length)] as const,
  ].find(([found]) => found !== undefined) ?? [undefined, ""];
  if (!user) return <>{word.text}</>;
  const show = (): void => showCard(app, user.id);
  return <Name mine={user.username === me} name={user.display_name} typed={`@${user.username}`} rest={rest} show={show} />;
}

type NameProps = { mine: boolean; name: string; typed: string; rest: string; show?: () => void };

/** A button that is text: it breaks with its line, and is copied with it. */
function Name({ mine, name, typed, rest, show }: NameProps) {
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show?.();
  };
  const button = show && ({ role: "button", tabIndex: -1, "aria-haspopup": "dialog", onClick: show, onKeyDown: press } as const);
  return (
    <>
      <span class="text__mention" data-mine={mine} title={typed} {...button}>
        @<bdi>{name}</bdi>
      </span>
      {rest}
    </>
  );
}

function RoomName({ app, word }: { app: App; word: Named }) {
  const channels = app.names.channels.value;
  const cut = endsCut(word.name);
  const room = channels.get(word.name.toLowerCase()) ?? channels.get(cut.toLowerCase());
  if (!room) return <>{word.text}</>;
  const rest = channels.has(word.name.toLowerCase()) ? "" : word.name.slice(cut.length);
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    app.place.go(`/r/${room.id}`);
  };
  return (
    <>
      <a href={`/r/${room.id}`} tabIndex={-1} onClick={open}>
        #<bdi>{room.name}</bdi>
      </a>
      {rest}
    </>
  );
}

function Emoji({ app, word }: { app: App; word: Named }) {
  const emoji = app.names.emoji.value;
  useEffect(() => void app.names.needEmoji(), []);
  const written = emoji?.written(word.name);
  if (!written) return <>{word.text}</>;
  return (
    <span role="img" aria-label={written.called} title={written.title}>
      {written.sign}
    </span>
  );
}

const COPIED_MS = 2_000;

const painting = createLater(() => import("./painted.tsx"));

function Fence({ text, language }: { text: string; language: string }) {
  const painter = painting.part.value?.it;
  useEffect(() => {
    if (language !== "") painting.load();
  }, [language]);
  const copy = async ({ currentTarget: button }: MouseEvent & { currentTarget: HTMLButtonElement }): Promise<void> => {
    await copyText(text);
    button.textContent = strings.copied;
    setTimeout(() => (button.textContent = strings.copy), COPIED_MS);
  };
  return (
    <div class="text__fence" dir="ltr">
      <pre class="text__box" tabIndex={0} aria-label={strings.code}>
        <code>{painter && language !== "" ? <painter.Painted text={text} language={language} /> : text}</code>
      </pre>
      <button class="text__copy" type="button" tabIndex={-1} onClick={copy}>
        {strings.copy}
      </button>
    </div>
  );
}
