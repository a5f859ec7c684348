import { expect, test } from "bun:test";
import { judged } from "./outages/order.ts";

const WRITE = '7 pwrite64(7</data/snug.db-wal>, "x"..., 4096, 0) = 4096';
const FLUSH = "7 fsync(7</data/snug.db-wal>) = 0";
const OTHER = "7 fsync(7</data/snug.db>) = 0";
const REPLY = '7 sendto(13<socket:[1]>, "HTTP/1.1 201 Cre"..., 702, MSG_DONTWAIT, NULL, 0) = 702';

test("a reply after the flush of what was written is in order; one before it, and one of nothing, are found", () => {
  const of = (...lines: string[]) => judged(lines.join("\n"));
  expect(of(WRITE, WRITE, FLUSH, REPLY, WRITE, FLUSH, REPLY)).toEqual({ replies: 2, early: 0, idle: 0 });
  expect(of(WRITE, REPLY, FLUSH)).toEqual({ replies: 1, early: 1, idle: 0 });
  expect(of(WRITE, OTHER, REPLY)).toEqual({ replies: 1, early: 1, idle: 0 }); // the file itself is not the log
  expect(of(WRITE, FLUSH, WRITE, REPLY)).toEqual({ replies: 1, early: 1, idle: 0 });
  expect(of(WRITE, FLUSH, REPLY, REPLY)).toEqual({ replies: 2, early: 0, idle: 1 });
  expect(of('7 sendto(13<socket:[1]>, "HTTP/1.1 200 OK"..., 9, 0, NULL, 0) = 9')).toEqual({ replies: 0, early: 0, idle: 0 });
});
