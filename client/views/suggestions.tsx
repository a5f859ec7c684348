import "../styles/suggestions.css";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { Completion, Suggestion } from "../models/completion.ts";
import { Face } from "./face.tsx";

const SUGGESTIONS = "suggestions";
const optionId = (at: number): string => `suggestion-${at}`;

/** What the field says of the list that completes what is written in it. */
export function completedBy({ suggestions, chosen }: Completion) {
  const isListed = suggestions.value.length > 0;
  const at = chosen.value;
  return {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": isListed ? SUGGESTIONS : undefined,
    "aria-activedescendant": isListed ? optionId(at) : undefined,
  } as const;
}

/** Whom or what the writer may mean. The focus stays in the field, which names the chosen one by `aria-activedescendant`. */
export function Suggestions({ app, completion, onTake }: { app: App; completion: Completion; onTake(at: number): void }) {
  const suggestions = completion.suggestions.value;
  const chosen = completion.chosen.value;
  const list = useRef<HTMLUListElement>(null);
  const isListed = suggestions.length > 0;
  useEffect(() => list.current?.scrollIntoView({ block: "nearest" }), [isListed]); // over an edit it lies in what scrolls
  if (!isListed) return null;
  return (
    <ul class="suggestions" ref={list} id={SUGGESTIONS} role="listbox" aria-label={strings.suggestions}>
      {suggestions.map((suggestion, at) => (
        <li
          class="suggestions__option"
          id={optionId(at)}
          role="option"
          aria-selected={at === chosen}
          key={suggestion.key}
          onMouseDown={(event) => event.preventDefault()} // the field keeps the focus
          onClick={() => onTake(at)}
        >
          <Option app={app} suggestion={suggestion} />
        </li>
      ))}
    </ul>
  );
}

function Option({ app, suggestion }: { app: App; suggestion: Suggestion }) {
  if (suggestion.kind === "emoji") {
    return (
      <>
        <span class="suggestions__sign" aria-hidden="true">
          {suggestion.text}
        </span>
        <span class="suggestions__name">{suggestion.key}</span>
      </>
    );
  }
  if (suggestion.kind === "room") {
    const { room } = suggestion;
    return (
      <>
        <span class="suggestions__sign" aria-hidden="true">
          #
        </span>
        <bdi class="suggestions__name">{room.name}</bdi>
        <span class="suggestions__more">{room.description}</span>
      </>
    );
  }
  if (suggestion.kind === "plain") {
    return (
      <>
        <span class="suggestions__sign" aria-hidden="true">
          {suggestion.sign}
        </span>
        <span class="suggestions__name">{suggestion.name}</span>
        <span class="suggestions__more">{suggestion.more}</span>
      </>
    );
  }
  const { user, is_member } = suggestion;
  return (
    <>
      <Face app={app} id={user.id} name={user.display_name} size="small" />
      <bdi class="suggestions__name" title={user.display_name}>
        {user.display_name}
      </bdi>
      <span class="suggestions__more">
        <bdi dir="ltr">@{user.username}</bdi>
        {!is_member && ` · ${strings.not_in_room}`}
      </span>
    </>
  );
}
