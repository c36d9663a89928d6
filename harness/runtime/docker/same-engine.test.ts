import type Dockerode from "dockerode";
import { expect, test } from "vitest";
import { requireSameEngine } from "./same-engine.ts";

const engine = (id: string): Dockerode =>
  ({ info: () => Promise.resolve({ ID: id, Name: `host-of-${id}` }) }) as unknown as Dockerode;

test("one engine reached in two ways is the same", async () => {
  await expect(requireSameEngine(engine("A"), () => Promise.resolve(engine("A")))).resolves.toBeUndefined();
});

test("another engine than ours is refused before a container starts on it", async () => {
  await expect(requireSameEngine(engine("A"), () => Promise.resolve(engine("B")))).rejects.toMatchObject({
    code: "two-engines",
    exitCode: 69,
    message: expect.stringContaining("host-of-B") as string,
  });
});
