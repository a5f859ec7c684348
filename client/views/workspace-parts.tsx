/** What the screens of the workspace share: how a list, a row and a field look. */
import "../styles/tone.css";
import type { ComponentChildren } from "preact";
import { reasonOf, strings } from "../lib/strings.ts";
import { workspaceStrings } from "../lib/workspace-strings.ts";
import type { Pages } from "../models/pages.ts";
import { Skeleton } from "./skeleton.tsx";

/** What a screen is for, in a sentence, and above its list what one may do and how one finds something in it. */
export function Intro({ words, children }: { words: ComponentChildren; children?: ComponentChildren }) {
  return (
    <>
      <p class="quiet">{words}</p>
      {children && <div class="desk__tools">{children}</div>}
    </>
  );
}

/** A part of a screen that has several. */
export function Part({ title, hint, children }: { title: string; hint?: string; children: ComponentChildren }) {
  return (
    <section class="desk__part">
      <h3 class="desk__subtitle">{title}</h3>
      {hint !== undefined && <p class="quiet">{hint}</p>}
      {children}
    </section>
  );
}

type ListingProps<Item extends { id: string }, Query> = {
  pages: Pages<Item, Query>;
  label: string;
  /** What stands where there is nothing. */
  none: ComponentChildren;
  /** One row; draws its own `<li>`, with `Row`. */
  children: (item: Item) => ComponentChildren;
};

/** A list with all its states: to come, none, failed with a way to try again, and more to be had. */
export function Listing<Item extends { id: string }, Query>({ pages, label, none, children }: ListingProps<Item, Query>) {
  const items = pages.items.value;
  const trouble = pages.trouble.value;
  const isBusy = pages.isBusy.value;
  const hasMore = pages.next.value !== undefined;
  return (
    <>
      {items === null && trouble === null && <Skeleton of="list" />}
      {items?.length === 0 && !hasMore && trouble === null && <div class="desk__none quiet">{none}</div>}
      <ul class="desk__list" aria-label={label} aria-busy={isBusy}>
        {items?.map(children)}
      </ul>
      {trouble && (
        <div class="desk__trouble" role="alert">
          <p>{reasonOf(trouble.code)}</p>
          <button class="button" type="button" onClick={() => void pages.again()}>
            {strings.retry}
          </button>
        </div>
      )}
      {hasMore && trouble === null && (
        <button class="button" type="button" aria-busy={isBusy} onClick={() => void pages.more()}>
          {workspaceStrings.more}
        </button>
      )}
    </>
  );
}

type RowProps = {
  /** What it is called, or a face and its name. */
  title: ComponentChildren;
  sign?: ComponentChildren;
  /** Marks beside the name; see `Tag`. */
  tags?: ComponentChildren;
  /** Quiet facts below, with dots between. What is false or null is left out. */
  facts: readonly (ComponentChildren | false | null)[];
  /** Buttons, or a menu. */
  deeds?: ComponentChildren;
  /** What opens below, if anything. */
  children?: ComponentChildren;
  quiet?: boolean;
};

/** One row of a list: what it is, facts about it, and what may be done with it. */
export function Row({ title, sign, tags, facts, deeds, children, quiet = false }: RowProps) {
  const told = facts.filter((fact) => fact !== false && fact !== null && fact !== undefined);
  return (
    <li class="desk__row" data-quiet={quiet}>
      {sign && <span class="desk__sign">{sign}</span>}
      <div class="desk__words">
        <p class="desk__line">
          <bdi class="desk__name">{title}</bdi>
          {tags}
        </p>
        <p class="desk__facts">
          {told.map((fact, i) => (
            <span class="desk__fact" key={i}>
              {fact}
            </span>
          ))}
        </p>
        {children}
      </div>
      {deeds && <div class="desk__deeds">{deeds}</div>}
    </li>
  );
}

/** A state in a word: `bad` for what has ended or failed, `good` for what runs. */
export function Tag({ kind, children }: { kind?: "good" | "bad" | "warn"; children: ComponentChildren }) {
  return (
    <span class="desk__tag tone" data-kind={kind}>
      {children}
    </span>
  );
}

type FieldProps = {
  name: string;
  label: string;
  hint?: ComponentChildren;
  inputMode?: "numeric" | "url";
  required?: boolean;
  maxLength?: number;
  defaultValue?: string | number;
  placeholder?: string;
  spellcheck?: boolean;
};

/** A field of a form, its label and what is said of it. `submit` of form.ts marks it by its name when the server refuses it. */
export function Field({ name, label, hint, ...input }: FieldProps) {
  return (
    <div class="field">
      <label class="field__label" for={`desk-${name}`}>
        {label}
      </label>
      <input
        class="field__input"
        id={`desk-${name}`}
        type="text"
        name={name}
        autocomplete="off"
        {...input}
        aria-describedby={hint ? `desk-${name}-hint` : undefined}
      />
      {hint && (
        <span class="field__hint" id={`desk-${name}-hint`}>
          {hint}
        </span>
      )}
      <p class="field__alert" role="alert" data-of={name} />
    </div>
  );
}

type ChooseProps = {
  name: string;
  label: string;
  options: readonly { value: string; words: string }[];
  chosen?: string;
  onChoose?: (value: string) => void;
  isBare?: boolean;
};

/** One of a few. `isBare`: among the tools, where the label is heard and not seen. */
export function Choose({ name, label, options, chosen, onChoose, isBare = false }: ChooseProps) {
  return (
    <label class={isBare ? "desk__choose" : "field"}>
      <span class={isBare ? "hidden" : "field__label"}>{label}</span>
      <select class="field__input" name={name} onChange={({ currentTarget }) => onChoose?.(currentTarget.value)}>
        {options.map(({ value, words }) => (
          <option key={value} value={value} selected={value === chosen}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
