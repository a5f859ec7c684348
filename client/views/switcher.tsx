import "../styles/switcher.css";
import { useEffect, useRef } from "preact/hooks";
import { isComposed } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { Choice } from "../models/switcher.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { Face, PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { addressedIn, isUnread, roomName } from "./names.ts";
import { RoomSign } from "./sidebar-row.tsx";

/** A field and what answers it, from memory. */
export function Switcher({ app }: { app: App }) {
  const choices = app.switcher.choices.value;
  const query = app.switcher.query.value;
  const at = app.switcher.at.value;
  const field = useRef<HTMLInputElement>(null);
  const chosen = choices[at];
  useEffect(() => document.getElementById("switcher-chosen")?.scrollIntoView({ block: "nearest" }), [chosen?.key]);
  const begin = (): void => {
    app.switcher.begin();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposed(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) app.switcher.point(at + step);
    if (event.key === "Enter" && chosen) takes(app, chosen);
    if (step !== undefined || event.key === "Enter") event.preventDefault();
  };
  return (
    <Dialog name="switcher" title={strings.switcher} kind="bare" onOpen={begin} onClose={app.switcher.end}>
      <div class="switcher" onKeyDown={onKeyDown}>
        <div class="switcher__field">
          <Icon sign="search" />
          <input
            class="switcher__input"
            type="text"
            role="combobox"
            aria-label={strings.switcher}
            aria-expanded="true"
            aria-controls="switcher-list"
            aria-activedescendant={chosen && "switcher-chosen"}
            aria-autocomplete="list"
            placeholder={strings.jump_to}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={query}
            ref={field}
            onInput={({ currentTarget }) => app.switcher.seek(currentTarget.value)}
          />
          <button class="tool" type="button" aria-label={strings.close} onClick={() => closeDialog("switcher")}>
            <Icon sign="close" />
          </button>
        </div>
        <div class="switcher__list" id="switcher-list" role="listbox" aria-label={strings.switcher} tabIndex={-1}>
          {choices.map((choice, i) => (
            <div key={choice.key} role="presentation">
              {choice.group !== choices[i - 1]?.group && (
                <p class="switcher__group" role="presentation">
                  {choice.group}
                </p>
              )}
              <div
                class="switcher__choice"
                role="option"
                id={i === at ? "switcher-chosen" : undefined}
                aria-selected={i === at}
                onPointerMove={() => i !== at && app.switcher.point(i)}
                onClick={() => takes(app, choice)}
              >
                <Words app={app} choice={choice} />
              </div>
            </div>
          ))}
        </div>
        <p class={choices.length === 0 ? "switcher__none" : "hidden"} role="status">
          {choices.length === 0 ? strings.switcher_none : query === "" ? "" : strings.switcher_count(choices.length)}
        </p>
      </div>
    </Dialog>
  );
}

function Words({ app, choice }: { app: App; choice: Choice }) {
  if (choice.kind === "room") {
    const addressed = addressedIn(choice.room);
    return (
      <>
        <RoomSign app={app} room={choice.room} />
        <span class="switcher__name" dir="auto" data-unread={isUnread(choice.room)}>
          {roomName(app, choice.room)}
        </span>
        {addressed > 0 && <span class="sidebar__count">{addressed}</span>}
      </>
    );
  }
  if (choice.kind === "person") {
    return (
      <>
        <Face app={app} id={choice.person.id} name={choice.person.display_name} size="small" />
        <span class="switcher__name" dir="auto">
          {choice.person.display_name}
        </span>
        <span class="switcher__more">@{choice.person.username ?? choice.person.id}</span>
        <PresenceSign app={app} user_id={choice.person.id} quiet />
      </>
    );
  }
  return (
    <>
      <span class="sidebar__sign">
        <Icon sign={choice.kind === "join" ? "hash" : choice.path === "/me" ? "settings" : choice.path === "/saved" ? "bookmark" : "compass"} />
      </span>
      <span class="switcher__name" dir="auto">
        {choice.kind === "join" ? choice.channel.name : choice.name}
      </span>
      {choice.kind === "join" && <span class="switcher__more">{strings.join}</span>}
    </>
  );
}

function takes(app: App, choice: Choice): void {
  closeDialog("switcher");
  if (choice.kind === "room") return app.place.go(`/r/${choice.room.id}`);
  if (choice.kind === "page") return app.place.go(choice.path);
  void app.attempt(async () => {
    if (choice.kind === "join") await app.rooms.join(choice.channel.id);
    const room = choice.kind === "join" ? choice.channel : await app.startDirect([choice.person.id]);
    app.place.go(`/r/${room.id}`);
  });
}
