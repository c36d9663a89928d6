/** How far two vectors are from each other, as pgvector says it: by number of the parameter `distance`. */
export interface VectorDistance {
  readonly operator: string;
  /** What follows the element's name in that of the operator class: `vector_l2_ops`. */
  readonly operatorClass: string;
}

/** Of the parameter `distance`. */
export function distanceOf({ distance = 0 }: Readonly<Record<string, number>>): VectorDistance {
  return distances[distance] ?? l2;
}

const l2: VectorDistance = { operator: "<->", operatorClass: "l2_ops" };

/** The inner product is given as its negative, so that less is nearer here too. */
const distances: readonly VectorDistance[] = [
  l2,
  { operator: "<=>", operatorClass: "cosine_ops" },
  { operator: "<#>", operatorClass: "ip_ops" },
];
