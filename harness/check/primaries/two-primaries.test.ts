import { describe, expect, test } from "vitest";
import type { GroupPrimaries, PrimariesStretch } from "../../model/primaries.ts";
import { findingsOf, unprovenPrimaries } from "./two-primaries.ts";

const s = 1e6;

describe("primaries that could acknowledge", () => {
  test("are none of a group that was watched, and not known of one that was not", () => {
    expect(ofGroup()).toEqual([["coordinators", value(0)]]);
    const [figure] = findingsOf({ ...group(), watched: false });
    expect(figure?.figure).toEqual({ kind: "withheld", reason: "no observer looked at PostgreSQL" });
  });

  test("are told stretch by stretch, with what each of them acknowledged", () => {
    const acknowledged = [{ server: "a", timeline: 1, writes: 7 }];
    expect(ofGroup({ ...two(10, 12), acknowledged }, two(20, 21))).toEqual([
      [
        "coordinators: a and b, from 0:10.000 to 0:12.000; write probes acknowledged meanwhile: 7 by a on timeline 1, none by b",
        value(2000),
      ],
      ["coordinators: a and b, from 0:20.000 to 0:21.000", value(1000)],
    ]);
  });

  test("are one stretch where one follows another without a gap and says the same, and what they acknowledged adds up", () => {
    const by = (server: string, timeline: number, writes: number) => ({ server, timeline, writes });
    const first = { ...two(10, 12), acknowledged: [by("a", 1, 7)] };
    const second = { ...two(12, 13), acknowledged: [by("a", 1, 2), by("a", 2, 1), by("b", 1, 4)] };
    expect(ofGroup(first, second)).toEqual([
      [
        "coordinators: a and b, from 0:10.000 to 0:13.000; write probes acknowledged meanwhile: " +
          "9 by a on timeline 1, 1 by a on timeline 2, 4 by b on timeline 1",
        value(3000),
      ],
    ]);
    const untold = [["coordinators: a and b, from 0:10.000 to 0:13.000", value(3000)]];
    expect(ofGroup(first, { ...second, acknowledged: null })).toEqual(untold);
    expect(ofGroup({ ...first, acknowledged: null }, second)).toEqual(untold);
  });

  test.each([
    ["with a gap between them", two(12.1, 13)],
    ["of others that could", { ...two(12, 13), able: ["a", "c"] }],
    ["with another that perhaps could", { ...two(12, 13), perhapsAble: ["c"] }],
    ["with another that was not seen", { ...two(12, 13), unseen: ["c"] }],
  ])("are two stretches %s", (_, second) => {
    expect(ofGroup(two(10, 12), second)).toHaveLength(2);
  });

  test("are not known where one could and another perhaps could, and that says who was not seen", () => {
    const perhaps = { ...two(10, 12), able: ["a"], perhapsAble: ["b"], unseen: ["b", "c"] };
    expect(ofGroup(perhaps)).toEqual([
      ["coordinators", { kind: "withheld", reason: "b was not seen from 0:10.000 to 0:12.000" }],
    ]);
    expect(unprovenPrimaries([group(perhaps)])).toEqual([
      "A second primary of coordinators may have been missed: b was not seen from 0:10.000 to 0:12.000.",
    ]);
    const neither = { ...two(10, 12), able: [], perhapsAble: ["b", "a"], unseen: ["b", "a"] };
    expect(unprovenPrimaries([group(neither)])[0]).toContain("b and a were not seen from");
    const seen = { ...two(10, 12), able: ["b"], perhapsAble: ["a"], unseen: ["c"] };
    expect(unprovenPrimaries([group(seen)])[0]).toContain(
      "whether a and b could both acknowledge is not known from 0:10.000 to 0:12.000",
    );
  });

  test("are none where one alone could, or perhaps could", () => {
    expect(ofGroup({ ...two(10, 12), able: ["a"] })).toEqual([["coordinators", value(0)]]);
    expect(ofGroup({ ...two(10, 12), able: [], perhapsAble: ["a"] })).toEqual([["coordinators", value(0)]]);
  });

  test("are certain where two could, whoever else perhaps could", () => {
    const certain = { ...two(10, 12), perhapsAble: ["c"] };
    expect(ofGroup(certain)).toEqual([["coordinators: a and b, from 0:10.000 to 0:12.000", value(2000)]]);
    expect(unprovenPrimaries([group(certain)])).toEqual([]);
  });

  test("are told beside a stretch in which that is not known", () => {
    const perhaps = { ...two(20, 21), able: ["a"], perhapsAble: ["b"], unseen: ["b"] };
    expect(ofGroup(two(10, 12), perhaps)).toEqual([
      ["coordinators: a and b, from 0:10.000 to 0:12.000", value(2000)],
      ["coordinators", { kind: "withheld", reason: "b was not seen from 0:20.000 to 0:21.000" }],
    ]);
  });

  test("have three reasons at most, and say how many more there are", () => {
    const perhaps = (count: number) =>
      Array.from({ length: count }, (_, index) => {
        return { ...two(10 * index, 10 * index + 1), able: ["a"], perhapsAble: ["b"], unseen: ["b"] };
      });
    const reason = (count: number) => {
      const figure = ofGroup(...perhaps(count))[0]?.[1];
      return typeof figure === "object" && figure.kind === "withheld" ? figure.reason : null;
    };
    expect(reason(3)).toMatch(/from 0:20\.000 to 0:21\.000$/);
    expect(reason(5)).toMatch(/from 0:20\.000 to 0:21\.000; and 2 more$/);
  });

  function ofGroup(...stretches: readonly PrimariesStretch[]) {
    return findingsOf(group(...stretches)).map(({ of, figure }) => [of, figure] as const);
  }
});

test("say when they were, and who", () => {
  const [first] = findingsOf(group(two(10, 12)));
  expect(first).toMatchObject({ moments: [{ fromUs: 10 * s, toUs: 12 * s }], members: ["a", "b"] });
});

function group(...stretches: readonly PrimariesStretch[]): GroupPrimaries {
  return { variant: "", group: "coordinators", watched: true, stretches };
}

/** In which a and b were seen to be writable, and could acknowledge. */
function two(from: number, to: number): PrimariesStretch {
  return {
    fromUs: from * s,
    toUs: to * s,
    writable: ["a", "b"],
    unseen: [],
    able: ["a", "b"],
    perhapsAble: [],
    acknowledged: null,
  };
}

function value(number: number) {
  return { kind: "value", value: number } as const;
}
