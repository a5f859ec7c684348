import "../styles/picker.css";
import type { User } from "../../server/protocol.ts";
import { isComposed } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Face, PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";

type Props = { app: App; id: string; label: string; max: number };

/** Chooses people: a field that seeks, those chosen before it, and a list of who answers. Enter takes the first, Backspace the last back. */
export function Picker({ app, id, label, max }: Props) {
  const { field, picked, query, found } = app.picks;
  const isHere = field.value === id; // the page holds several of these, closed but for one
  const chosen = picked.value;
  const text = query.value;
  const people = found.value;
  const seeking = app.people.seeking.value;
  const isFull = chosen.length >= max;
  const shown = isHere ? chosen : [];
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }): void => {
    const [first] = people;
    const last = chosen.at(-1);
    if (isComposed(event)) return;
    if (event.key === "Backspace" && text === "" && last) app.picks.drop(last.id);
    if (event.key === "ArrowDown") document.querySelector<HTMLElement>(`#${id}-list button`)?.focus();
    if (event.key !== "Enter" || text === "") return;
    event.preventDefault();
    if (first && !isFull) app.picks.pick(first);
  };
  return (
    <div class="picker">
      <label class="field__label" for={id}>
        {label}
      </label>
      <div class="picker__field">
        {shown.map((user) => (
          <button
            class="picker__chip"
            type="button"
            key={user.id}
            aria-label={strings.remove_pick(user.display_name)}
            onClick={() => app.picks.drop(user.id)}
          >
            <bdi>{user.display_name}</bdi>
            <Icon sign="close" />
          </button>
        ))}
        <input
          class="picker__input"
          id={id}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={strings.find_people}
          value={text}
          onInput={({ currentTarget }) => app.picks.seek(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul class="picker__list" id={`${id}-list`} aria-label={label} onKeyDown={moves}>
        {isHere && !isFull && people.map((user) => <Person key={user.id} app={app} user={user} field={id} />)}
      </ul>
      <p class="picker__none" role="status">
        {isHere && people.length === 0 && !isFull && !seeking && (text === "" ? strings.everybody_here : strings.nobody_found)}
      </p>
    </div>
  );
}

function Person({ app, user, field }: { app: App; user: User; field: string }) {
  const pick = (): void => {
    app.picks.pick(user);
    document.getElementById(field)?.focus();
  };
  return (
    <li>
      <button class="picker__person" type="button" onClick={pick}>
        <Face app={app} id={user.id} name={user.display_name} size="small" />
        <span class="picker__name" dir="auto" title={user.display_name}>
          {user.display_name}
        </span>
        <span class="picker__username">@{user.username ?? user.id}</span>
        <PresenceSign app={app} user_id={user.id} quiet />
      </button>
    </li>
  );
}

function moves(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = [...event.currentTarget.querySelectorAll("button")];
  const at = all.findIndex((button) => button === document.activeElement);
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
}
