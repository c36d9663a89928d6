import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashContext, readContext, stageContext } from "./image-context.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "dpg-bench-context-"));
  await write("image/Dockerfile", "FROM scratch\n");
  await write("image/run", "#!/bin/sh\n", 0o755);
  await write("dist/bin/agent.cjs", "1;\n");
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

describe("an image's context", () => {
  it("has the same hash whatever the umask of the clone and the times of its files", async () => {
    const before = await hash();
    await write("image/Dockerfile", "FROM scratch\n", 0o600);
    await chmod(path.join(root, "image/run"), 0o700);
    expect(await hash()).toBe(before);
  });

  it.each<[string, () => Promise<void>]>([
    ["a byte", () => write("image/Dockerfile", "FROM scratcH\n")],
    ["a new file", () => write("image/more", "")],
    ["a name", () => rm(path.join(root, "image/run")).then(() => write("image/walk", "#!/bin/sh\n", 0o755))],
    ["the right to execute", () => chmod(path.join(root, "image/run"), 0o644)],
    ["a file of a further folder", () => write("dist/bin/agent.cjs", "2;\n")],
  ])("has another hash when %s changes", async (_what, change) => {
    const before = await hash();
    await change();
    expect(await hash()).not.toBe(before);
  });

  it("has another hash on another base image", async () => {
    expect(await hash("sha256:a")).not.toBe(await hash("sha256:b"));
  });

  it("is staged with folders under their names, and modes that every user of the image can read", async () => {
    await chmod(path.join(root, "dist/bin/agent.cjs"), 0o600);
    const target = path.join(root, "staged");
    await stageContext(await context(), target);
    expect(await readFile(path.join(target, "dist-agent/bin/agent.cjs"), "utf8")).toBe("1;\n");
    expect((await stat(path.join(target, "dist-agent/bin/agent.cjs"))).mode & 0o777).toBe(0o644);
    expect((await stat(path.join(target, "run"))).mode & 0o777).toBe(0o755);
  });

  it("says what to run when a folder is missing or empty", async () => {
    const wanted = { code: "image-inputs-missing", exitCode: 70 };
    await expect(readContext({ "": path.join(root, "nothing") })).rejects.toMatchObject(wanted);
    await mkdir(path.join(root, "empty"));
    await expect(readContext({ "": path.join(root, "empty") })).rejects.toMatchObject(wanted);
  });
});

async function context(): ReturnType<typeof readContext> {
  return await readContext({ "": path.join(root, "image"), "dist-agent": path.join(root, "dist") });
}

async function hash(base = "sha256:a"): Promise<string> {
  return await hashContext(await context(), [base]);
}

async function write(file: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
  await chmod(path.join(root, file), mode);
}
