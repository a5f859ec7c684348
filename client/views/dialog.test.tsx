import { afterEach, expect, test } from "bun:test";
import { cleanup, render } from "@testing-library/preact";
import { closeDialog, Dialog, openDialog } from "./dialog.tsx";

afterEach(cleanup);

test("a dialog that is opened again before its closing was heard has forgotten what was typed, once, and keeps what is typed then", () => {
  let closings = 0;
  render(
    <Dialog name="letter" title="Letter" onClose={() => (closings += 1)}>
      <form>
        <input />
      </form>
    </Dialog>,
  );
  const dialog = document.querySelector("dialog");
  const field = document.querySelector("input");
  if (!dialog || !field) throw new Error("It is not drawn");
  const heard: (() => void)[] = [];
  dialog.close = () => {
    dialog.removeAttribute("open");
    heard.push(() => dialog.dispatchEvent(new Event("close"))); // a browser tells it as a task of its own
  };
  openDialog("letter");
  field.value = "before";
  closeDialog("letter");
  openDialog("letter");
  expect([field.value, closings]).toEqual(["", 1]);
  field.value = "after";
  for (const tell of heard) tell();
  expect([field.value, closings, dialog.open]).toEqual(["after", 1, true]);
});
