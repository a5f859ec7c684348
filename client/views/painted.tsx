import "../styles/painted.css";
import { painted } from "../lib/painting.ts";

/** A program in the colours of its language: the same characters in the same places. */
export function Painted({ text, language }: { text: string; language: string }) {
  return (
    <>
      {painted(text, language).map(({ text, paint }, at) =>
        paint === null ? (
          text
        ) : (
          <span class="painted" data-paint={paint} key={at}>
            {text}
          </span>
        ),
      )}
    </>
  );
}
