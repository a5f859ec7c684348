/** The page on a DOM without an engine: drawn for somebody who sits before it. */
import { render, screen } from "@testing-library/preact";
import { Page } from "../views/page.tsx";
import { settled } from "./outside.ts";
import { sitting } from "./sitting.ts";

export async function seated(...at: Parameters<typeof sitting>): ReturnType<typeof sitting> {
  const seat = await sitting(...at);
  render(<Page app={seat.app} />);
  await drawn();
  return seat;
}

/** Signals draw in a microtask, effects run in the turn after a frame. */
export const drawn = async (): Promise<void> => {
  await settled();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  await settled();
};

export function field(name: string): HTMLTextAreaElement {
  const found = screen.getByRole("textbox", { name });
  if (!(found instanceof HTMLTextAreaElement)) throw new Error(`${name} is no text area`);
  return found;
}
