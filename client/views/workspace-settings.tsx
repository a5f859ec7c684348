import { useEffect } from "preact/hooks";
import type { Config, PatchConfig } from "../../server/protocol/tenants.ts";
import { ApiError } from "../lib/api-error.ts";
import { reasonOf, strings } from "../lib/strings.ts";
import { settingsStrings as words } from "../lib/workspace-settings-strings.ts";
import type { App } from "../models/app.ts";
import { changeOf, numberAt, settingsOf } from "../models/workspace-settings.ts";
import { confirmed } from "./confirm.tsx";
import { submit } from "./form.ts";
import { Switch } from "./me-switch.tsx";
import { Skeleton } from "./skeleton.tsx";
import { Identity } from "./workspace-identity.tsx";
import { Field, Intro, Part } from "./workspace-parts.tsx";

const KEEPING = ["retention_days"];
const LIMITS = ["limits.content_points", "limits.content_bytes", "limits.meta_bytes", "limits.file_bytes", "sends_per_second", "requests_per_second"];
const HOOKS = ["webhook_attempts", "webhook_first_retry_ms", "webhook_longest_retry_ms"];

export type SettingsProps = { app: App; config: Config; change(to: PatchConfig): Promise<void> };

export function Settings({ app }: { app: App }) {
  const settings = settingsOf(app);
  const config = settings.config.value;
  const trouble = settings.trouble.value;
  useEffect(() => void settings.find(), []);
  if (!config) return trouble ? <Trouble code={trouble.code} again={() => void settings.find()} /> : <Skeleton of="list" />;
  const { change } = settings;
  const told = { app, config, change };
  return (
    <>
      <Intro words={words.intro} />
      <Identity {...told} />
      <Joining {...told} />
      <Part title={words.keeping}>
        <Numbers {...told} paths={KEEPING} ask={askBeforeDeleting} />
      </Part>
      <Part title={words.limits} hint={words.limits_hint}>
        <Numbers {...told} paths={LIMITS} />
      </Part>
      <Part title={words.hooks}>
        <Numbers {...told} paths={HOOKS} reasons={{ webhook_first_retry_ms: words.retry_order }} />
      </Part>
      <Origins {...told} />
    </>
  );
}

function Trouble({ code, again }: { code: string; again(): void }) {
  return (
    <div class="desk__trouble" role="alert">
      <p>{reasonOf(code)}</p>
      <button class="button" type="button" onClick={again}>
        {strings.retry}
      </button>
    </div>
  );
}

/** What is a matter of one click is set by it. */
function Joining({ app, config, change }: SettingsProps) {
  const set = (to: PatchConfig): void => void app.attempt(() => change(to));
  return (
    <Part title={words.joining}>
      <fieldset class="dialog__choices">
        <legend class="field__label">{words.registration}</legend>
        {(["open", "invite", "closed"] as const).map((mode) => (
          <label class="choice" key={mode}>
            <input type="radio" name="registration" checked={config.registration === mode} onChange={() => set({ registration: mode })} />
            <span>{words.registrations[mode]}</span>
          </label>
        ))}
      </fieldset>
      <Switch words={words.directory} hint={words.directory_hint} isOn={config.directory} set={(directory) => set({ directory })} />
      <Switch words={words.receipts} hint={words.receipts_hint} isOn={config.receipts} set={(receipts) => set({ receipts })} />
    </Part>
  );
}

type NumbersProps = SettingsProps & {
  paths: readonly string[];
  /** What a refusal of the server means, by the field it names. */
  reasons?: Record<string, string>;
  ask?: (before: Config, to: PatchConfig) => Promise<boolean>;
};

/** Numbers are saved together; empty is what is usual. */
function Numbers({ app, config, change, paths, reasons = {}, ask }: NumbersProps) {
  const labels: Record<string, string> = words.fields;
  const ranges = paths.map((path) => [path, rangeWords(config, path)] as const);
  const save = (event: SubmitEvent) =>
    submit(
      event,
      async (texts) => {
        const to = changeOf(config, paths, texts);
        if (ask && !(await ask(config, to))) return;
        await change(to);
        app.say(words.saved, "done");
      },
      { ...Object.fromEntries(ranges), ...reasons },
    );
  return (
    <form class="desk__form" onSubmit={save}>
      {paths.map((path) => {
        const { value, least, most, usual } = numberAt(config, path);
        return (
          <Field
            key={`${path} ${value ?? ""}`}
            name={path}
            label={labels[path] ?? path}
            hint={usual === null ? words.range_unbounded(least, most) : words.range(least, most, usual)}
            inputMode="numeric"
            defaultValue={value ?? ""}
            {...(usual !== null && { placeholder: String(usual) })}
          />
        );
      })}
      <p class="field__alert" role="alert" />
      <button class="button" type="submit">
        {words.save}
      </button>
    </form>
  );
}

function rangeWords(config: Config, path: string): string {
  const { least, most } = numberAt(config, path);
  return words.out_of_range(least, most);
}

/** What is older goes for good, so a shorter time is asked for once more. */
async function askBeforeDeleting({ retention_days: before }: Config, { retention_days: days }: PatchConfig): Promise<boolean> {
  if (typeof days !== "number" || (before !== null && days >= before)) return true;
  return confirmed(words.retention_question(days), words.retention_deed);
}

function Origins({ app, config, change }: SettingsProps) {
  const save = (event: SubmitEvent) =>
    submit(
      event,
      async ({ allowed_origins = "" }) => {
        const lines = allowed_origins.split(/\s+/u).filter((line) => line !== "");
        await change({ allowed_origins: lines }).catch(toTheField);
        app.say(words.saved, "done");
      },
      { allowed_origins: words.origins_wrong },
    );
  return (
    <Part title={words.origins}>
      <form class="desk__form" onSubmit={save}>
        <div class="field">
          <label class="field__label" for="desk-origins">
            {words.origins_label}
          </label>
          <textarea
            class="field__input"
            id="desk-origins"
            name="allowed_origins"
            rows={3}
            spellcheck={false}
            dir="ltr"
            key={config.allowed_origins.join(" ")}
            defaultValue={config.allowed_origins.join("\n")}
            aria-describedby="desk-origins-hint"
          />
          <span class="field__hint" id="desk-origins-hint">
            {words.origins_hint}
          </span>
        </div>
        <p class="field__alert" role="alert" />
        <button class="button" type="submit">
          {words.save}
        </button>
      </form>
    </Part>
  );
}

/** The server names the line; the page has one field for all of them. */
function toTheField(fault: unknown): never {
  if (!(fault instanceof ApiError) || fault.code !== "invalid") throw fault;
  throw new ApiError({ code: "invalid", retry: false, fields: ["allowed_origins"] });
}
