import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import type Dockerode from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildImage, packContext } from "./build-image.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-build-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("packContext", () => {
  it("packs folders with what is in them", async () => {
    await mkdir(path.join(folder, "packages"));
    await writeFile(path.join(folder, "packages/list"), "postgresql-17");
    const archive = await text(packContext(folder, () => undefined).pipe(createGunzip()));
    expect(archive).toContain("packages/list");
    expect(archive).toContain("postgresql-17");
  });

  it("tells once of a folder that went while it was packed, and leaves no error to the process", async () => {
    const failures: Error[] = [];
    packContext(path.join(folder, "gone"), (error) => failures.push(error)).pipe(new Writable());
    await delay(50);
    expect(failures).toEqual([expect.objectContaining({ code: "ENOENT" })]);
  });
});

describe("buildImage", () => {
  it("ends with the reason of a signal that was aborted before, and asks the engine for nothing", async () => {
    const reason = new Error("stop");
    const engine = { buildImage: () => Promise.reject(new Error("asked")) } as unknown as Dockerode;
    const build = buildImage(engine, {
      tag: "dpg-bench/never:1",
      context: { files: [{ name: "Dockerfile", executable: false, content: "FROM scratch" }] },
      buildArguments: {},
      labels: {},
      onLine: () => undefined,
      signal: AbortSignal.abort(reason),
    });
    await expect(build).rejects.toBe(reason);
  });
});
