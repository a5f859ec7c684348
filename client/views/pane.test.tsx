import { afterEach, expect, spyOn, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { drawn } from "../testing/page.tsx";
import { Pane } from "./pane.tsx";

afterEach(cleanup);

let isBroken = true;
function Fragile() {
  if (isBroken) throw new Error("the pane broke");
  return <p>whole again</p>;
}

test("a part that fails says so, its neighbours live on, and Reload draws it again", async () => {
  const told = spyOn(console, "error").mockImplementation(() => {});
  render(
    <>
      <Pane>
        <Fragile />
      </Pane>
      <Pane>
        <p>the neighbour</p>
      </Pane>
    </>,
  );
  await drawn();
  expect(screen.getByRole("alert").textContent).toContain("This part of the page has failed.");
  expect(screen.getByText("the neighbour")).toBeDefined();
  expect(told).toHaveBeenCalledTimes(1);
  isBroken = false;
  fireEvent.click(screen.getByRole("button", { name: "Reload this part" }));
  await drawn();
  expect(screen.getByText("whole again")).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
  told.mockRestore();
});
