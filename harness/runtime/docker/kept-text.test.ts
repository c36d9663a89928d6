import { expect, test } from "vitest";
import { KeptText } from "./kept-text.ts";

const KiB = 1024;
const says = (bytes: number): string => `(${bytes} left out)`;

test("a text that has room is kept as it came, also in pieces within characters", () => {
  const kept = new KeptText({ head: 64 * KiB, tail: 64 * KiB });
  for (const byte of Buffer.from("grün\nand so on")) kept.add(Buffer.from([byte]));
  expect(kept.text(says)).toBe("grün\nand so on");
  expect(kept.leftOut).toBe(0);
  expect(new KeptText({ head: 0, tail: 1 }).text(says)).toBe("");
});

test("a text that just fits is whole", () => {
  const kept = new KeptText({ head: 64 * KiB, tail: 64 * KiB });
  const text = lines(0, (128 * KiB) / 16).slice(0, 128 * KiB);
  kept.add(Buffer.from(text));
  expect(kept.text(says)).toBe(text);
});

test("of a longer one whole lines of its beginning and its end are kept, and how much is missing is said", () => {
  const kept = new KeptText({ head: 64 * KiB, tail: 128 * KiB });
  const text = lines(0, 100_000);
  for (let at = 0; at < text.length; at += 1000) kept.add(Buffer.from(text.slice(at, at + 1000)));
  const shown = kept.text(says);
  const [head = "", tail = ""] = shown.split(/\(\d+ left out\)\n/);
  expect(text.startsWith(head)).toBe(true);
  expect(text.endsWith(tail)).toBe(true);
  expect(head.endsWith("\n")).toBe(true);
  expect(tail).toMatch(/^line \d+\n/);
  expect(head.length).toBeGreaterThan(63 * KiB);
  expect(tail.length).toBeGreaterThan(63 * KiB);
  expect(tail.length).toBeLessThanOrEqual(128 * KiB);
  expect(shown).toContain(`(${text.length - head.length - tail.length} left out)`);
  expect(kept.leftOut).toBeGreaterThan(0);
});

function lines(from: number, to: number): string {
  return Array.from(
    { length: to - from },
    (_, index) => `line ${String(from + index).padStart(10, "0")}\n`,
  ).join("");
}
