import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../model/errors.ts";
import { openVectorFile, type VectorFileUse } from "./open-vector-file.ts";
import {
  float32,
  header,
  nearest,
  someRows,
  writeFbin,
  writeHdf5,
  writeNeighbours,
  writeU8bin,
} from "./vector-files.fake.ts";

const folder = mkdtempSync(path.join(tmpdir(), "dpg-vector-files-"));
const at = (name: string): string => path.join(folder, name);
const rows = someRows(10, 3);

/** All of a file: in one go, by scan, and one row of its middle. */
async function read(file: string, use: VectorFileUse = "base") {
  await using opened = await openVectorFile({ where: "here", path: file }, use);
  const { matrix, format, distance } = opened;
  const scanned: number[] = [];
  const sha256 = await matrix.scan(4, (from, numbers) => {
    expect(from * matrix.columns).toBe(scanned.length);
    scanned.push(...Array.from(numbers));
  });
  return {
    format,
    distance,
    rows: matrix.rows,
    columns: matrix.columns,
    all: Array.from(await matrix.read(0, matrix.rows)),
    sixth: Array.from(await matrix.read(5, 1)),
    scanned,
    hashIsRight: sha256 === createHash("sha256").update(readFileSync(file)).digest("hex"),
  };
}

/** What is said of a file that is refused. */
async function refusal(file: string, use: VectorFileUse = "base"): Promise<string> {
  const failure: unknown = await read(file, use).catch((error: unknown) => error);
  if (!(failure instanceof UsageError)) expect.fail(`refused it as no UsageError: ${String(failure)}`);
  expect(failure.problems.map(({ where }) => where)).toEqual(["here"]);
  return failure.problems.map(({ message }) => message.replaceAll(folder, "")).join();
}

const asRead = {
  rows: 10,
  columns: 3,
  all: rows.flat(),
  sixth: rows[5],
  scanned: rows.slice(0, 4).flat(),
  hashIsRight: true,
};

describe("vectors are read from", () => {
  it(".fbin", async () => {
    writeFbin(at("a.fbin"), rows);
    expect(await read(at("a.fbin"))).toEqual({ format: "fbin", distance: null, ...asRead });
  });

  it(".u8bin", async () => {
    writeU8bin(at("a.u8bin"), [
      [0, 1],
      [254, 255],
    ]);
    const found = await openVectorFile({ where: "here", path: at("a.u8bin") }, "base");
    expect(Array.from(await found.matrix.read(0, 2))).toEqual([0, 1, 254, 255]);
    await found[Symbol.asyncDispose]();
  });

  it("HDF5, with the distance that it names", async () => {
    await writeHdf5(at("a.hdf5"), { train: rows, test: rows.slice(0, 6), distance: "angular" });
    const found = { format: "hdf5", distance: "angular", ...asRead };
    expect(await read(at("a.hdf5"))).toEqual(found);
    expect(await read(at("a.hdf5"), "queries")).toEqual({ ...found, rows: 6, all: rows.slice(0, 6).flat() });
  });

  it("a file of many pieces, whatever part of it is taken", async () => {
    const dimension = 1000;
    const count = 2500;
    const numbers = Float32Array.from({ length: count * dimension }, (_, index) => index % 9973);
    writeFileSync(at("large.fbin"), Buffer.concat([header(count, dimension), Buffer.from(numbers.buffer)]));
    await using file = await openVectorFile({ where: "here", path: at("large.fbin") }, "base");
    const pieces: number[] = [];
    let sum = 0;
    const sha256 = await file.matrix.scan(2200, (from, taken) => {
      pieces.push(taken.length);
      sum += taken[0]! - numbers[from * dimension]!;
    });
    expect(pieces.length).toBeGreaterThan(1);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(2 ** 20);
    expect(pieces.reduce((one, other) => one + other)).toBe(2200 * dimension);
    expect(sum).toBe(0);
    expect(sha256).toBe(
      createHash("sha256")
        .update(readFileSync(at("large.fbin")))
        .digest("hex"),
    );
  });
});

describe("ground truth is read from", () => {
  const { ids, distances } = nearest(rows, rows.slice(0, 6), 2);
  const truth = { rows: 6, columns: 2, all: ids.flat(), sixth: ids[5], hashIsRight: true };

  it(".bin, with distances and without", async () => {
    writeNeighbours(at("with.bin"), ids, distances);
    writeNeighbours(at("without.ibin"), ids);
    expect(await read(at("with.bin"), "groundTruth")).toMatchObject(truth);
    expect(await read(at("without.ibin"), "groundTruth")).toMatchObject(truth);
  });

  it("HDF5", async () => {
    await writeHdf5(at("truth.h5"), { train: rows, neighbors: ids, distances });
    expect(await read(at("truth.h5"), "groundTruth")).toMatchObject(truth);
  });
});

describe("a file is refused", () => {
  it("that is not there, or no file", async () => {
    expect(await refusal(at("absent.fbin"))).toBe(
      "expected a file that can be read at /absent.fbin, found none.",
    );
    expect(await refusal(at("absent.hdf5"))).toContain("found none.");
    expect(await refusal(folder.concat("/.fbin"))).toContain("name ends in");
  });

  it("of another kind", async () => {
    expect(await refusal(at("vectors.npy"))).toMatch(
      /^expected .* ends in .fbin, .u8bin, .hdf5 or .h5, found/,
    );
    expect(await refusal(at("vectors.fbin"), "groundTruth")).toContain("ends in .bin, .ibin, .hdf5 or .h5");
  });

  it("that is cut short, or goes on behind its last row", async () => {
    writeFbin(at("cut.fbin"), rows);
    truncateSync(at("cut.fbin"), 120);
    expect(await refusal(at("cut.fbin"))).toBe(
      "expected 128 bytes for 10 rows of 3 float32 in /cut.fbin, found 120: it is cut short.",
    );
    writeFileSync(at("long.fbin"), Buffer.concat([header(10, 3), float32(rows), Buffer.alloc(5)]));
    expect(await refusal(at("long.fbin"))).toBe(
      "expected 128 bytes for 10 rows of 3 float32 in /long.fbin, found 133: something follows the last row.",
    );
    writeFileSync(at("tiny.fbin"), "abc");
    expect(await refusal(at("tiny.fbin"))).toContain("found 3 bytes.");
    writeNeighbours(at("cut.bin"), [[1, 2]]);
    truncateSync(at("cut.bin"), 12);
    expect(await refusal(at("cut.bin"), "groundTruth")).toContain("expected 24 or 16 bytes");
  });

  it("without rows or columns", async () => {
    writeFileSync(at("none.fbin"), header(0, 3));
    expect(await refusal(at("none.fbin"))).toContain("found 0 rows of 3 by its header");
    writeFileSync(at("flat.u8bin"), header(3, 0));
    expect(await refusal(at("flat.u8bin"))).toContain("found 3 rows of 0 by its header");
  });

  it("that is no HDF5, or cut short, or has not the data sets", async () => {
    writeFileSync(at("page.hdf5"), "<html>not found</html>".repeat(100));
    expect(await refusal(at("page.hdf5"))).toBe(
      "expected an HDF5 file at /page.hdf5, found none of its signature.",
    );
    await writeHdf5(at("part.hdf5"), { train: rows });
    expect(await refusal(at("part.hdf5"), "queries")).toBe(
      'expected a data set "test" in /part.hdf5, found train.',
    );
    truncateSync(at("part.hdf5"), 700);
    expect(await refusal(at("part.hdf5"))).toMatch(/^expected .* to be opened, found: .*truncated/);
  });

  it("whose data set is no table of numbers", async () => {
    const { File, ready } = await import("h5wasm/node");
    await ready;
    const file = new File(at("flat.hdf5"), "w");
    file.create_dataset({ name: "train", data: new Float32Array(6), shape: [6] });
    file.create_dataset({ name: "test", data: ["a", "b"], shape: [2] });
    file.close();
    expect(await refusal(at("flat.hdf5"))).toContain("found numbers of shape 6.");
    expect(await refusal(at("flat.hdf5"), "queries")).toContain("found something else than numbers");
  });
});
