import { afterEach, expect, test } from "bun:test";
import { keep, kept } from "../lib/kept.ts";
import { speak } from "../lib/language.ts";
import { strings } from "../lib/strings.ts";
import { SpeechModel } from "./speech.ts";

afterEach(() => {
  keep("language", "");
  speak("en");
});

test("what is chosen is spoken at once and kept in this browser; the change is told once, to whom it happened", async () => {
  const speech = new SpeechModel();
  expect(await speech.choose("zh")).toBe(true);
  expect([speech.spoken.value, speech.chosen.value, kept("language"), strings.send]).toEqual(["zh", "zh", "zh", "发送"]);
  expect([speech.takeChange(), speech.takeChange()]).toEqual([true, false]);
  expect(await speech.choose("")).toBe(true);
  expect([speech.spoken.value, speech.chosen.value, kept("language"), strings.send]).toEqual(["en", "", "", "Send"]);
});

test("choosing what is spoken already draws nothing anew", async () => {
  const speech = new SpeechModel();
  await speech.choose("en");
  expect([speech.spoken.value, speech.takeChange()]).toEqual(["en", false]);
});
