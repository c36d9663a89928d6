import { expect, test } from "vitest";
import { walSenderTimeoutSeconds } from "./wal-sender-timeout.ts";

test.each<[string | number | undefined, number | null]>([
  [undefined, 60],
  ["5s", 5],
  ["2min", 120],
  ["2500 ms", 2.5],
  [3000, 3],
  ["3000", 3],
  [0, null],
  ["soon", 60],
])("wal_sender_timeout %s is %s s", (value, seconds) => {
  expect(walSenderTimeoutSeconds(value === undefined ? {} : { wal_sender_timeout: value })).toBe(seconds);
});
