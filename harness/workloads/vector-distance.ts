/** How far two vectors are from each other, as pgvector says it: by number of the parameter `distance`. */
export interface VectorDistance {
  readonly name: string;
  readonly operator: string;
  /** What follows the element's name in that of the operator class: `vector_l2_ops`. */
  readonly operatorClass: string;
  /** What ann-benchmarks and others call it in their files, in small letters. */
  readonly inFiles: readonly string[];
  /** Nothing is near a vector of zeros. */
  readonly needsLength: boolean;
  readonly between: (sums: VectorSums) => number;
}

/** Of two vectors, number by number. */
export interface VectorSums {
  /** Of the squares of their differences. */
  readonly squares: number;
  /** Of their products. */
  readonly products: number;
  /** Of the squares of the one's, and of the other's. */
  readonly ofOne: number;
  readonly ofOther: number;
}

/** Of the parameter `distance`. */
export function distanceOf({ distance = 0 }: Readonly<Record<string, number>>): VectorDistance {
  return distances[distance] ?? l2;
}

/** By the name that a file has for it, as a number of the parameter `distance`; null: there is none of that name. */
export function distanceInFile(name: string): number | null {
  const found = distances.findIndex(({ inFiles }) => inFiles.includes(name.toLowerCase()));
  return found === -1 ? null : found;
}

const l2: VectorDistance = {
  name: "Euclidean distance",
  operator: "<->",
  operatorClass: "l2_ops",
  inFiles: ["euclidean", "l2"],
  needsLength: false,
  between: ({ squares }) => Math.sqrt(squares),
};

/** The inner product is given as its negative, so that less is nearer here too. */
export const distances: readonly VectorDistance[] = [
  l2,
  {
    name: "cosine distance",
    operator: "<=>",
    operatorClass: "cosine_ops",
    inFiles: ["angular", "cosine"],
    needsLength: true,
    between: ({ products, ofOne, ofOther }) => 1 - products / Math.sqrt(ofOne * ofOther),
  },
  {
    name: "inner product",
    operator: "<#>",
    operatorClass: "ip_ops",
    inFiles: ["dot", "ip"],
    needsLength: false,
    between: ({ products }) => -products,
  },
];
