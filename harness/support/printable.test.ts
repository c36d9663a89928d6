import { describe, expect, it } from "vitest";
import { isPrintable, printable, printableLine } from "./printable.ts";

describe("printable text", () => {
  it("has no control character, and nothing else changed", () => {
    const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join("");
    const shown = printable(all);
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    expect(shown).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    expect(
      shown.replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number(`0x${code}`))),
    ).toBe(all);
  });

  it.each([
    ["a colour", "\u001b[31mred", String.raw`\u001b[31mred`],
    ["the window's title", "\u001b]0;mine\u0007", String.raw`\u001b]0;mine\u0007`],
    ["a C1 introducer", "\u009b2J", String.raw`\u009b2J`],
    ["a carriage return that hides what was before", "fail\rpass", String.raw`fail\u000dpass`],
    ["an override of direction", "\u202etxt.exe\u202c", String.raw`\u202etxt.exe\u202c`],
  ])("shows %s as its escape", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(isPrintable(text)).toBe(false);
  });

  it("keeps lines, tabs, letters of any script and line ends of Windows", () => {
    const text = "один\r\n\tשלוש\u200f 四 🐘\n";
    expect(printable(text)).toBe(text);
    expect(isPrintable(text)).toBe(true);
  });

  it("of one line has no line end either", () => {
    expect(printableLine("red\nThe cluster kept its promise.")).toBe(
      String.raw`red\u000aThe cluster kept its promise.`,
    );
  });

  it("leaves a JSON document the same document", () => {
    const document = { name: "\u001b[31mred \u009b \u202e \u007f" };
    expect(JSON.parse(printable(JSON.stringify(document, null, 2)))).toEqual(document);
  });
});
