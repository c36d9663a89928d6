import { writeFileSync } from "node:fs";

/** Rows of numbers, for a test. */
export type Rows = readonly (readonly number[])[];

/** What a binary file begins with: rows and columns. */
export function header(rows: number, columns: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(rows, 0);
  bytes.writeUInt32LE(columns, 4);
  return bytes;
}

/** Numbers as they stand in a binary file. */
export function float32(rows: Rows): Buffer {
  return Buffer.from(Float32Array.from(rows.flat()).buffer);
}

export function writeFbin(file: string, rows: Rows): void {
  writeFileSync(file, Buffer.concat([header(rows.length, rows[0]?.length ?? 0), float32(rows)]));
}

export function writeU8bin(file: string, rows: Rows): void {
  writeFileSync(file, Buffer.concat([header(rows.length, rows[0]?.length ?? 0), Buffer.from(rows.flat())]));
}

/** Ground truth of big-ann-benchmarks; `distances` left out: of ids alone. */
export function writeNeighbours(file: string, ids: Rows, distances?: Rows): void {
  const all = [
    header(ids.length, ids[0]?.length ?? 0),
    Buffer.from(Uint32Array.from(ids.flat()).buffer),
    ...(distances === undefined ? [] : [float32(distances)]),
  ];
  writeFileSync(file, Buffer.concat(all));
}

/** A file in the form of ann-benchmarks; what is left out is not in it. */
export async function writeHdf5(
  file: string,
  {
    distance,
    ...sets
  }: {
    readonly train?: Rows;
    readonly test?: Rows;
    readonly neighbors?: Rows;
    readonly distances?: Rows;
    readonly distance?: string;
  },
): Promise<void> {
  const { File, ready } = await import("h5wasm/node");
  await ready;
  const written = new File(file, "w");
  if (distance !== undefined) written.create_attribute("distance", distance);
  for (const [name, rows] of Object.entries(sets)) {
    const ofIds = name === "neighbors";
    written.create_dataset({
      name,
      data: (ofIds ? Int32Array : Float32Array).from(rows.flat()),
      shape: [rows.length, rows[0]?.length ?? 0],
      dtype: ofIds ? "<i" : "<f",
      // As the real ones are; a chunk of its own for each few rows.
      chunks: [Math.min(3, rows.length), rows[0]?.length ?? 1],
      compression: 4,
    });
  }
  written.close();
}

/** Rows by a seed: in -1 to 1, no two alike. */
export function someRows(count: number, dimension: number, seed = 1): number[][] {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.fround(state / 2 ** 30 - 1);
  };
  return Array.from({ length: count }, () => Array.from({ length: dimension }, next));
}

/** The k nearest rows of each query by the square of the Euclidean distance, as big-ann-benchmarks have it, or by cosine. */
export function nearest(
  base: Rows,
  queries: Rows,
  k: number,
  by: "euclidean" | "cosine" = "euclidean",
): { readonly ids: number[][]; readonly distances: number[][] } {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, number, at) => sum + number * (b[at] ?? 0), 0);
  const far = (a: readonly number[], b: readonly number[]): number =>
    by === "euclidean"
      ? dot(a, a) - 2 * dot(a, b) + dot(b, b)
      : 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const answers = queries.map((query) =>
    base
      .map((row, id) => [id, far(row, query)] as const)
      .toSorted(([, one], [, other]) => one - other)
      .slice(0, k),
  );
  return {
    ids: answers.map((answer) => answer.map(([id]) => id)),
    distances: answers.map((answer) => answer.map(([, distance]) => distance)),
  };
}
