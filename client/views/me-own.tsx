import { ApiError } from "../lib/api-error.ts";
import { ownStrings as words } from "../lib/own-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createOwn } from "../models/own.ts";
import { confirmed } from "./confirm.tsx";
import { submit } from "./form.ts";
import { Password } from "./password.tsx";

const ownOf = perApp(createOwn);

/** What is one's own: taken along, or left behind. */
export function Own({ app }: { app: App }) {
  return (
    <>
      <Export app={app} />
      <Leave app={app} />
    </>
  );
}

function Export({ app }: { app: App }) {
  const own = ownOf(app);
  const isBusy = own.isBusy.value;
  const take = (): Promise<void> =>
    app.attempt(async () => {
      const file = await own.take();
      if (file === null) return app.say(words.export_broken);
      save(file, `snug-${app.account.me.peek()?.username ?? "export"}.jsonl`);
    });
  return (
    <section class="me__part">
      <h2 class="me__title">{words.title}</h2>
      <p class="quiet">{words.export_hint}</p>
      <button class="button" type="button" aria-busy={isBusy} onClick={() => void take()}>
        {isBusy ? words.exporting : words.export}
      </button>
    </section>
  );
}

function Leave({ app }: { app: App }) {
  const own = ownOf(app);
  const leave = (event: SubmitEvent) =>
    submit(
      event,
      async ({ leaving_password = "" }) => {
        if (!(await confirmed(words.leave_question(app.account.me.peek()?.workspace ?? ""), words.leave))) return;
        await own.leave(leaving_password).catch(toItsField);
        await app.signOut();
      },
      { forbidden: words.leave_wrong, conflict: words.leave_owner },
    );
  return (
    <section class="me__part">
      <h2 class="me__title">{words.leave_title}</h2>
      <p class="quiet">{words.leave_hint}</p>
      <form class="me__form" onSubmit={leave}>
        <Password name="leaving_password" autocomplete="current-password" />
        <p class="field__alert" role="alert" />
        <button class="button" data-kind="danger" type="submit">
          {words.leave}
        </button>
      </form>
    </section>
  );
}

/** The password has another name on this page, where there are three. */
function toItsField(fault: unknown): never {
  if (!(fault instanceof ApiError) || fault.code !== "forbidden") throw fault;
  throw new ApiError({ code: fault.code, retry: false, fields: ["leaving_password"] });
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it meanwhile
}
