import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { chinese } from "../lib/chinese.ts";
import { speak } from "../lib/language.ts";
import { drawn } from "../testing/page.tsx";
import { aboutMe, sitting } from "../testing/sitting.ts";
import { StatusForm } from "./status-form.tsx";

await Promise.all([import("../lib/emoji-table.ts"), import("../lib/zh/emoji.ts")]); // fetched late; here they are at hand
afterEach(() => {
  cleanup();
  speak("en");
});

/** The emoji that is sent when this stands in its field. */
async function savedAs(typed: string): Promise<string | undefined> {
  const sent: string[] = [];
  const { app } = await sitting(undefined, undefined, { "PATCH /me": (_, body) => (sent.push(JSON.stringify(body)), aboutMe) });
  const { container } = render(<StatusForm app={app} />);
  const field = container.querySelector<HTMLInputElement>("[name='status.emoji']");
  if (field) field.value = typed;
  fireEvent.submit(screen.getByRole("textbox", { name: /status|状态/u }).closest("form") ?? document.body);
  await drawn();
  cleanup();
  return /"emoji":"([^"]*)"/u.exec(sent[0] ?? "")?.[1];
}

test("a status's emoji is typed as itself or by its name, which is sent as the emoji; what is neither is sent as it stands", async () => {
  for (const typed of ["🎉", ":tada:", "tada"]) expect(await savedAs(typed)).toBe("🎉");
  for (const typed of ["庆祝", "no emoji"]) expect(await savedAs(typed)).toBe(typed);
});

test("in Chinese its Chinese name is understood too, between colons of either width", async () => {
  speak("zh", chinese);
  for (const typed of ["庆祝", "：庆祝：", "撒花", ":tada:"]) expect(await savedAs(typed)).toBe("🎉");
});
