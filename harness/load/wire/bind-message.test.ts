import { expect, test } from "vitest";
import type { Value } from "../../workloads/draw-values.ts";
import { BindMessage } from "./bind-message.ts";
import { serverMessage } from "./server-message.ts";

test("values of every kind and length, one after the other, give the bytes that a new message would", () => {
  const bind = new BindMessage("orders_1", 2);
  const rows: (readonly [Value, Value])[] = [
    [1, "a"],
    [9, "b"],
    [10, ""],
    [0, -1],
    [2_147_483_647, 2_147_483_648],
    [1e21, 0.1],
    [99, "Zürich"],
    [100, "x".repeat(1000)],
    [3, "€".repeat(500)],
    [123_456, "short again"],
  ];
  for (const row of rows) {
    expect(bind.fill(row).toString("latin1")).toBe(expected("orders_1", row).toString("latin1"));
  }
});

test("powers of ten and their neighbours are written as decimals", () => {
  const bind = new BindMessage("s", 1);
  for (let power = 1; power <= 1e9; power *= 10) {
    for (const value of [power - 1, power, power + 1]) {
      expect(bind.fill([value]).toString("latin1")).toBe(expected("s", [value]).toString("latin1"));
    }
  }
});

test("a statement without parameters has none", () => {
  expect(new BindMessage("commit", 0).fill([])).toEqual(expected("commit", []));
});

test("a wrong number of values is refused before it would confuse the server", () => {
  expect(() => new BindMessage("s", 1).fill([1, 2])).toThrow("Expected 1 values for a statement, got 2");
});

test("values of unchanged lengths are sent from the same bytes", () => {
  const bind = new BindMessage("s", 1);
  const first = bind.fill([17]);
  expect(bind.fill([42])).toBe(first);
  expect(bind.fill([101])).not.toBe(first);
});

/** Bind, Describe portal, Execute, Sync, put together field by field. */
function expected(name: string, values: readonly Value[]): Buffer {
  const parameters = values.map((value) => {
    const text = Buffer.from(String(value));
    return Buffer.concat([int32(text.length), text]);
  });
  const bind = [
    Buffer.from(`\0${name}\0`),
    int16(0),
    int16(values.length),
    ...parameters,
    int16(1),
    int16(0),
  ];
  return Buffer.concat([
    serverMessage("B", Buffer.concat(bind)),
    serverMessage("D", Buffer.from("P\0")),
    serverMessage("E", Buffer.concat([Buffer.from("\0"), int32(0)])),
    serverMessage("S"),
  ]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
