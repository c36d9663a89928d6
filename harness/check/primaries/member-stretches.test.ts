import { describe, expect, test } from "vitest";
import type { EventOf } from "../../model/event.ts";
import { asBefore, looks } from "../../model/postgres-states.fake.ts";
import { memberStretches, type Silence } from "./member-stretches.ts";

const { writable, standby, refused, ended, silent } = looks;

/** "standby 0-100, unseen 100-200": from 0 to 10 s, in milliseconds. */
function told(states: readonly EventOf<"postgres-state">[], silences: readonly Silence[] = []): string {
  return memberStretches(states, silences, 0, 10_000_000)
    .map(
      ({ is, cutOff, fromUs, toUs }) =>
        `${is}${cutOff === true ? " (cut off)" : ""} ${fromUs / 1000}-${toUs / 1000}`,
    )
    .join(", ");
}

test("what a look found holds until the next one that found otherwise", () => {
  expect(told([standby(0, "a"), writable(4000, "a"), refused(7000, "a")])).toBe(
    "standby 0-4000, writable 4000-7000, off 7000-10000",
  );
});

test("a member is unseen before its first look, and one that was never looked at all the time", () => {
  expect(told([writable(4000, "a")])).toBe("unseen 0-4000, writable 4000-10000");
  expect(told([])).toBe("unseen 0-10000");
});

test("a silent member was seen until its last answer, and no longer", () => {
  expect(told([writable(0, "a"), silent(4500, "a", 4000)])).toBe("writable 0-4000, unseen 4000-10000");
});

describe("a stretch without an answer", () => {
  test("of a standby that answers as one from the same process was one of a standby", () => {
    expect(told([standby(0, "a"), silent(2500, "a", 2000), standby(8000, "a")])).toBe(
      "standby 0-2000, standby 2000-8000, standby 8000-10000",
    );
  });

  test("that ends with a standby was one of a standby since its process was started, and unseen before", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), standby(8000, "a", null, 5000)])).toBe(
      "writable 0-2000, unseen 2000-5000, standby 5000-8000, standby 8000-10000",
    );
  });

  test("of a standby that answers as a primary may have been one of a primary", () => {
    expect(told([standby(0, "a"), silent(2500, "a", 2000), writable(8000, "a")])).toBe(
      "standby 0-2000, unseen 2000-8000, writable 8000-10000",
    );
  });

  test("of a primary that answers as one from the same process was one of a primary", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), writable(8000, "a")])).toBe(
      "writable 0-2000, writable 2000-8000, writable 8000-10000",
    );
  });

  test("of a primary that answers as one from another process is unseen", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), writable(8000, "a", 5000)])).toBe(
      "writable 0-2000, unseen 2000-5000, unseen 5000-8000, writable 8000-10000",
    );
  });

  test("of a server that ended the session and then refused was one of a server that stopped", () => {
    expect(told([standby(0, "a"), ended(2000, "a", 1950), silent(2600, "a", 1950), refused(5000, "a")])).toBe(
      "standby 0-2000, off 2000-5000, off 5000-10000",
    );
  });

  test("of a server that ended the session and answers from another process was off until that started", () => {
    expect(told([writable(0, "a"), ended(2000, "a", 1950), standby(8000, "a", null, 7000)])).toBe(
      "writable 0-2000, off 2000-7000, standby 7000-8000, standby 8000-10000",
    );
  });

  test("of a server that ended one session alone goes on as it was", () => {
    expect(told([writable(0, "a"), ended(2000, "a", 1950), writable(2100, "a")])).toBe(
      "writable 0-2000, writable 2000-2100, writable 2100-10000",
    );
  });

  test("between two refusals is no more than the looks are apart, or unseen", () => {
    expect(told([refused(0, "a"), silent(2100, "a", 2000), refused(2300, "a")])).toBe(
      "off 0-2000, off 2000-2300, off 2300-10000",
    );
    expect(told([refused(0, "a"), silent(2100, "a", 2000), refused(4300, "a")])).toBe(
      "off 0-2000, unseen 2000-4300, off 4300-10000",
    );
  });

  test("after a primary is unseen, however short", () => {
    expect(told([writable(0, "a"), silent(2100, "a", 2000), refused(2200, "a")])).toBe(
      "writable 0-2000, unseen 2000-2200, off 2200-10000",
    );
  });
});

describe("what was killed, frozen or cut off", () => {
  const silences = [{ fromUs: 3_000_000, toUs: 6_000_000, endsStopped: false }];
  const killed = [{ fromUs: 3_000_000, toUs: 6_000_000, endsStopped: true }];

  test("serves nobody while it is unseen", () => {
    expect(told([writable(0, "a"), silent(3500, "a", 2950)], silences)).toBe(
      "writable 0-2950, unseen 2950-3000, off (cut off) 3000-6000, unseen 6000-10000",
    );
  });

  test("and ran nothing at the end is off until a look that tells so soon after, and else unseen", () => {
    const before = [writable(0, "a"), silent(3500, "a", 2950)];
    expect(told([...before, refused(6300, "a")], killed)).toMatch(/unseen 2950-3000, .*, off 6000-6300, off/);
    expect(told([...before, refused(8300, "a")], killed)).toMatch(/, unseen 6000-8300, off/);
    expect(told([...before, refused(6300, "a")], silences)).toMatch(/, unseen 6000-6300, off/);
  });

  test("is no primary while it is frozen, though it wakes as the one it was", () => {
    expect(told([writable(0, "a"), silent(3500, "a", 2950), writable(6100, "a")], silences)).toBe(
      "writable 0-2950, writable 2950-3000, off (cut off) 3000-6000, writable 6000-6100, writable 6100-10000",
    );
  });

  test("is still what the observer sees, out of every client's reach", () => {
    expect(told([writable(0, "a"), refused(5000, "a")], silences)).toBe(
      "writable 0-3000, writable (cut off) 3000-5000, off (cut off) 5000-6000, off 6000-10000",
    );
  });
});

test("a stretch says what the member was before, from whom it receives, and whether that is inferred", () => {
  const fields = (states: readonly EventOf<"postgres-state">[]) =>
    memberStretches(states, [], 0, 10_000_000).map(({ is, was, receivesFrom, inferred }) => [
      ...[is, was, receivesFrom, inferred ?? false],
    ]);
  expect(fields([standby(0, "a", "b"), silent(2500, "a", 2000), standby(8000, "a", "b")])).toEqual([
    ["standby", undefined, "b", false],
    ["standby", "standby", "b", true],
    ["standby", "unseen", "b", false],
  ]);
  // It received from another one, at some time in between.
  expect(fields([standby(0, "a", "b"), silent(2500, "a", 2000), standby(8000, "a", "c")])[1]).toEqual([
    ...["standby", "standby", undefined, true],
  ]);
  expect(fields([writable(0, "a"), silent(2500, "a", 2000), standby(8000, "a", "b", 5000)])).toEqual([
    ["writable", undefined, undefined, false],
    ["unseen", "writable", undefined, false],
    ["standby", "writable", undefined, true],
    ["standby", "unseen", "b", false],
  ]);
  expect(fields([writable(0, "a"), silent(2500, "a", 2000), writable(8000, "a")])[1]).toEqual([
    ...["writable", "writable", undefined, true],
  ]);
  expect(fields([standby(0, "a"), ended(2000, "a", 1950), refused(5000, "a")])).toEqual([
    ["standby", undefined, null, false],
    ["off", "standby", undefined, false],
    ["off", "off", undefined, false],
  ]);
});

describe("at the edge of what is known", () => {
  test("a stretch that began with its process is one of the same process", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), writable(8000, "a", 2000)])).toBe(
      "writable 0-2000, writable 2000-8000, writable 8000-10000",
    );
  });

  test("the looks at a member that is away are a second apart, no more", () => {
    const brief = (nextMs: number) => told([refused(0, "a"), silent(2100, "a", 2000), refused(nextMs, "a")]);
    expect(brief(3000)).toBe("off 0-2000, off 2000-3000, off 3000-10000");
    expect(brief(3001)).toBe("off 0-2000, unseen 2000-3001, off 3001-10000");
    expect(told([standby(0, "a"), silent(2100, "a", 2000), standby(3000, "a", null, 2500)])).toBe(
      "standby 0-2000, off 2000-2500, standby 2500-3000, standby 3000-10000",
    );
    expect(told([standby(0, "a"), silent(2100, "a", 2000), writable(2300, "a", 2200)])).toMatch(
      /^standby 0-2000, unseen/,
    );
  });

  test("a session that ended tells nothing where the server goes on in its process, or nothing more is heard of it", () => {
    expect(told([standby(0, "a"), ended(2000, "a", 1950)])).toBe("standby 0-2000, unseen 2000-10000");
    expect(told([writable(0, "a"), ended(2000, "a", 1950), standby(8000, "a")])).toBe(
      "writable 0-2000, standby 2000-8000, standby 8000-10000",
    );
  });

  test("a look found otherwise until half a second after the observer stood still was not seen, later ones were", () => {
    const blind = [{ fromUs: 2_000_000, toUs: 8_000_000 }];
    const of = (atMs: number, still = blind) =>
      memberStretches([standby(0, "a"), refused(atMs, "a")], [], 0, 10_000_000, still)
        .map(({ is, fromUs, toUs }) => `${is} ${fromUs / 1000}-${toUs / 1000}`)
        .join(", ");
    expect(of(8500)).toBe("standby 0-2000, unseen 2000-8500, off 8500-10000");
    expect(of(8501)).toBe("standby 0-8501, off 8501-10000");
    expect(of(2000)).toBe("standby 0-2000, off 2000-10000");
    expect(of(1000)).toBe("standby 0-1000, off 1000-10000");
  });

  test("one that was killed is off for a second after it at most, and only where the next look tells", () => {
    const killed = [{ fromUs: 3_000_000, toUs: 6_000_000, endsStopped: true }];
    const after = (next: EventOf<"postgres-state">) =>
      told([writable(0, "a"), silent(3500, "a", 2950), next], killed);
    expect(after(refused(7000, "a"))).toMatch(/, off 6000-7000, off 7000-10000$/);
    expect(after(refused(7001, "a"))).toMatch(/, unseen 6000-7001, off 7001-10000$/);
    expect(after(standby(6500, "a", null, 6400))).toMatch(
      /, off 6000-6400, standby 6400-6500, standby 6500-10000$/,
    );
    expect(after(writable(6500, "a", 6400))).toMatch(
      /, unseen 6000-6400, unseen 6400-6500, writable 6500-10000$/,
    );
  });

  test("several silences each cut what they lie in, and none beside", () => {
    const two = [
      { fromUs: 1_000_000, toUs: 2_000_000, endsStopped: false },
      { fromUs: 4_000_000, toUs: 5_000_000, endsStopped: false },
    ];
    expect(told([writable(0, "a")], two)).toBe(
      "writable 0-1000, writable (cut off) 1000-2000, writable 2000-4000, writable (cut off) 4000-5000, writable 5000-10000",
    );
    expect(told([writable(0, "a"), refused(4000, "a")], two.slice(1))).toBe(
      "writable 0-4000, off (cut off) 4000-5000, off 5000-10000",
    );
    expect(told([writable(0, "a"), refused(5000, "a")], two.slice(1))).toBe(
      "writable 0-4000, writable (cut off) 4000-5000, off 5000-10000",
    );
  });
});

test("an older recording does not say why a member is absent: it is unseen until it answers", () => {
  const states = [standby(0, "a"), refused(2000, "a"), standby(5000, "a")].map(asBefore);
  expect(told(states as EventOf<"postgres-state">[])).toBe(
    "standby 0-2000, unseen 2000-5000, standby 5000-10000",
  );
});

describe("what was found otherwise just after the observer itself had stood still", () => {
  const blind = [{ fromUs: 2_000_000, toUs: 8_000_000 }];
  const stretches = (states: readonly EventOf<"postgres-state">[]): string =>
    memberStretches(states, [], 0, 10_000_000, blind)
      .map(({ is, fromUs, toUs }) => `${is} ${fromUs / 1000}-${toUs / 1000}`)
      .join(", ");

  test("was not seen until its process was started: a standby may have been promoted, and stopped again", () => {
    expect(stretches([standby(0, "a"), standby(8050, "a", null, 7000)])).toBe(
      "standby 0-2000, unseen 2000-7000, standby 7000-8050, standby 8050-10000",
    );
    expect(stretches([standby(0, "a"), refused(8050, "a")])).toBe(
      "standby 0-2000, unseen 2000-8050, off 8050-10000",
    );
  });

  test("was a standby all along where it is the same process, and what changed later was seen until then", () => {
    expect(stretches([standby(0, "a", "b"), standby(8050, "a", "c")])).toBe(
      "standby 0-2000, standby 2000-8050, standby 8050-10000",
    );
    expect(stretches([standby(0, "a"), writable(9000, "a")])).toBe("standby 0-9000, writable 9000-10000");
  });
});
