import "../styles/emoji-picker.css";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { pickerStrings as words } from "../lib/picker-strings.ts";
import { isComposed } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createEmojiPicker, type EmojiPicker, rowsOf, type Section } from "../models/emoji-picker.ts";
import { reactionsOf } from "../models/reactions.ts";
import { Icon } from "./icon.tsx";
import { Skeleton } from "./skeleton.tsx";

const EDGE_PX = 8;

/** Opens it beside an element; it goes when one is taken, by Esc, or by a press beside it, and gives the focus back. */
export function showPicker(app: App, beside: Element | null, take: (emoji: string) => void): void {
  const host = document.body.appendChild(document.createElement("div"));
  const picker = createEmojiPicker(() => app.names.emoji.value, reactionsOf(app).recent.peek());
  void app.names.needEmoji();
  app.layers.lay("menu");
  const closed = (emoji?: string): void => {
    render(null, host);
    host.remove();
    app.layers.lift("menu");
    if (emoji !== undefined) take(emoji);
  };
  render(<Picker app={app} picker={picker} beside={beside?.getBoundingClientRect()} onClose={closed} />, host);
}

type Props = { app: App; picker: EmojiPicker; beside: DOMRect | undefined; onClose(emoji?: string): void };

/** The focus stays in the field; the arrows walk through the grid, which names the chosen one. */
function Picker({ app, picker, beside, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const taken = useRef<string | undefined>(undefined);
  const sections = picker.sections.value;
  const isHere = app.names.emoji.value !== null;
  const chosen = picker.chosen.value;
  const isLaid = app.layers.open.value.includes("menu");
  useEffect(() => {
    dialog.current?.showModal();
    if (dialog.current && beside) place(dialog.current, beside);
    dialog.current?.querySelector("input")?.focus();
  }, []);
  useEffect(() => {
    if (!isLaid) dialog.current?.close(); // by the Back of a phone
  }, [isLaid]);
  useEffect(() => dialog.current?.querySelector("#emoji-chosen")?.scrollIntoView({ block: "nearest" }), [picker.at.value, sections]);
  const take = (emoji: string | undefined): void => {
    if (emoji === undefined) return;
    taken.current = emoji;
    dialog.current?.close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposed(event)) return;
    const key = turned(event.key);
    if (key === "Enter") take(chosen);
    else if (key === "ArrowUp" || key === "ArrowDown" || key === "ArrowLeft" || key === "ArrowRight") picker.move(key);
    else return;
    event.preventDefault();
  };
  let place_of = 0;
  return (
    <dialog
      class="emoji-picker"
      aria-label={words.title}
      ref={dialog}
      onClose={() => onClose(taken.current)}
      onPointerDown={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div class="emoji-picker__box">
        <div class="emoji-picker__head">
          <input
            class="field__input"
            type="text"
            role="combobox"
            aria-label={words.find}
            aria-expanded="true"
            aria-haspopup="grid"
            aria-controls="emoji-grid"
            aria-activedescendant={chosen === undefined ? undefined : "emoji-chosen"}
            placeholder={words.find}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            onInput={({ currentTarget, isComposing }) => !isComposing && picker.seek(currentTarget.value)} // half a word in Pinyin is none
            onCompositionEnd={({ currentTarget }) => picker.seek(currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <button class="tool" type="button" aria-label={strings.close} onClick={() => dialog.current?.close()}>
            <Icon sign="close" />
          </button>
        </div>
        <div class="emoji-picker__grid" id="emoji-grid" role="grid" aria-label={words.title} tabIndex={-1}>
          {!isHere && <Skeleton of="list" />}
          {sections.map((section) => (
            <div key={section.name} role="rowgroup" aria-label={nameOf(section)}>
              <p class="emoji-picker__title" aria-hidden="true">
                {nameOf(section)}
              </p>
              {rowsOf(section.emoji).map((row) => (
                <div class="emoji-picker__row" role="row" key={row.join("")}>
                  {row.map((emoji) => {
                    const at = place_of++;
                    return <Cell key={emoji} picker={picker} emoji={emoji} at={at} onTake={take} />;
                  })}
                </div>
              ))}
            </div>
          ))}
        </div>
        <p class="emoji-picker__chosen">{chosen === undefined ? (isHere ? words.none : "") : `${chosen} ${picker.labelOf(chosen)}`}</p>
        <p class="hidden" role="status">
          {picker.query.value === "" ? "" : picker.count.value === 0 ? words.none : words.count(picker.count.value)}
        </p>
        {picker.query.value.trim() === "" && isHere && (
          <nav class="emoji-picker__sections" aria-label={words.title}>
            {sections.map((section) => (
              <button
                class="emoji-picker__section"
                type="button"
                key={section.name}
                aria-label={nameOf(section)}
                title={nameOf(section)}
                onClick={() => goTo(picker, section, dialog.current)}
              >
                {section.name === "recent" ? <Icon sign="clock" /> : <span aria-hidden="true">{section.emoji[0]}</span>}
              </button>
            ))}
          </nav>
        )}
      </div>
    </dialog>
  );
}

function Cell({ picker, emoji, at, onTake }: { picker: EmojiPicker; emoji: string; at: number; onTake(emoji: string): void }) {
  const isChosen = picker.at.value === at;
  return (
    <div
      class="emoji-picker__cell"
      role="gridcell"
      id={isChosen ? "emoji-chosen" : undefined}
      aria-selected={isChosen}
      aria-label={picker.nameOf(emoji)}
      onPointerMove={() => !isChosen && picker.point(at)}
      onClick={() => onTake(emoji)}
    >
      {emoji}
    </div>
  );
}

const nameOf = ({ name }: Section): string => (name === "recent" ? words.recent : name === "found" ? words.found : words.sections[name]);

function goTo(picker: EmojiPicker, { name }: Section, dialog: HTMLElement | null): void {
  picker.goTo(name);
  dialog?.querySelector("input")?.focus();
  requestAnimationFrame(() => dialog?.querySelector("#emoji-chosen")?.closest("[role=rowgroup]")?.scrollIntoView({ block: "start" }));
}

/** Left is back only where one writes from left to right. */
function turned(key: string): string {
  if (document.documentElement.dir !== "rtl") return key;
  return key === "ArrowLeft" ? "ArrowRight" : key === "ArrowRight" ? "ArrowLeft" : key;
}

/** Beside what opened it, on the side where there is room. */
function place(dialog: HTMLElement, { left, top, bottom }: DOMRect): void {
  if (matchMedia("(pointer: coarse), (width < 48em)").matches) return; // the sheet has its place
  const { width, height } = dialog.getBoundingClientRect();
  const isBelow = bottom + height + EDGE_PX < innerHeight;
  const y = isBelow ? bottom + 4 : top - height - 4;
  const set = (name: string, px: number, most: number): void =>
    dialog.style.setProperty(name, `${Math.max(EDGE_PX, Math.min(px, most - EDGE_PX))}px`);
  set("--picker-left", left, innerWidth - width);
  set("--picker-top", y, innerHeight - height);
}
