import type { Statement, Variable, Workload, WorkloadOperation } from "../../../model/workload.ts";

/** What pgbench runs: a script for each operation, and the values that all of them start with. */
export interface PgbenchScripts {
  readonly scripts: readonly PgbenchScript[];
  /** For `--define`: texts, which its scripts cannot make, and the numbers that ids begin at. */
  readonly defines: Readonly<Record<string, string>>;
}

export interface PgbenchScript {
  readonly operation: WorkloadOperation;
  readonly text: string;
  /** A whole number. */
  readonly weight: number;
}

/** Hexadecimal digits of one random number: 16^15 is the highest power that fits its 63 bits. */
const LETTERS_PER_NUMBER = 15;

/**
 * The workload in pgbench's words (PostgreSQL manual, pgbench: "Custom Scripts"). `$1` becomes the variable itself,
 * which `--protocol=prepared` sends as a parameter. Clients take ids in turns: client c of n gets c, c + n, c + 2n, ...
 * Assumes that engineGaps has found nothing.
 */
export function renderScripts(
  workload: Workload,
  ids: { readonly firstId: number; readonly clients: number },
): PgbenchScripts {
  const operations = workload.operations.filter(({ weight }) => weight > 0);
  const weights = wholeWeights(operations.map(({ weight }) => weight));
  const choices = operations.flatMap((operation, index) =>
    operation.variables.flatMap((variable) =>
      variable.kind === "choice"
        ? variable.values.map((value, at): [string, string] => [`${nameOf(variable, index)}_${at}`, value])
        : [],
    ),
  );
  return {
    scripts: operations.map((operation, index) => ({
      operation,
      text: renderScript(operation, index),
      weight: weights[index] ?? 1,
    })),
    defines: {
      first_id: String(ids.firstId),
      clients: String(ids.clients),
      turn: "-1",
      ...Object.fromEntries(choices),
    },
  };
}

function renderScript({ variables, statements, form }: WorkloadOperation, index: number): string {
  const numbered = variables.some(({ kind }) => kind === "id" || kind === "id-modulo");
  const lines = [
    ...(numbered ? ["\\set turn :turn + 1", "\\set id :first_id + :turn * :clients + :client_id"] : []),
    ...variables.flatMap((variable) => renderVariable(variable, nameOf(variable, index))),
    ...(form === "transaction" ? ["begin;"] : []),
    ...statements.flatMap((statement) => renderStatement(statement, variables, index)),
    ...(form === "transaction" ? ["commit;"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function renderVariable(variable: Variable, name: string): readonly string[] {
  switch (variable.kind) {
    case "id":
      return [`\\set ${name} :id`];
    case "id-modulo":
      return [`\\set ${name} ${variable.plus} + :id % ${variable.modulo}`];
    case "uniform":
      return [`\\set ${name} random(${variable.from}, ${variable.to})`];
    case "zipf":
      return [`\\set ${name} ${zipfian(variable)}`];
    case "choice":
      return variable.values.length > 1 ? [`\\set ${name} random(0, ${variable.values.length - 1})`] : [];
    case "vector":
      throw new Error(`Expected no vector, which pgbench has no words for, found ${variable.name}`);
    case "text":
      return chunks(variable.length).map(
        (letters, at) => `\\set ${name}_${at} random(0, ${16n ** BigInt(letters) - 1n})`,
      );
  }
}

/** pgbench takes exponents from 1.001 to 1000, and no range of one number. */
function zipfian({ from, to, exponent }: Variable & { readonly kind: "zipf" }): string {
  return to > from ? `random_zipfian(${from}, ${to}, ${exponent})` : String(from);
}

/** One branch for each combination of the chosen values that it uses. */
function renderStatement(
  statement: Statement,
  variables: readonly Variable[],
  index: number,
): readonly string[] {
  const used = variables.filter(({ name }) => statement.uses.includes(name));
  const branches = combinations(used.filter((variable) => variable.kind === "choice"));
  const sqlOf = (branch: Branch): string => `${inSql(statement, variables, index, branch)};`;
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return [sqlOf(only)];
  return [
    ...branches.flatMap((branch, at) => [
      at === 0
        ? `\\if ${conditionOf(branch, index)}`
        : at === branches.length - 1
          ? "\\else"
          : `\\elif ${conditionOf(branch, index)}`,
      sqlOf(branch),
    ]),
    "\\endif",
  ];
}

/** Which value each choice takes, by its position. */
type Branch = ReadonlyMap<Variable, number>;

function combinations(choices: readonly (Variable & { readonly kind: "choice" })[]): readonly Branch[] {
  return choices.reduce<readonly Branch[]>(
    (branches, choice) =>
      branches.flatMap((branch) => choice.values.map((_value, at) => new Map([...branch, [choice, at]]))),
    [new Map()],
  );
}

function conditionOf(branch: Branch, index: number): string {
  return [...branch]
    .filter(([variable]) => variable.kind === "choice" && variable.values.length > 1)
    .map(([variable, at]) => `:${nameOf(variable, index)} = ${at}`)
    .join(" and ");
}

function inSql(
  { sql, uses }: Statement,
  variables: readonly Variable[],
  index: number,
  branch: Branch,
): string {
  return sql.replaceAll(/\$(\d+)/g, (_whole, number: string) => {
    const name = uses[Number(number) - 1];
    const variable = variables.findLast((each) => each.name === name);
    if (variable === undefined)
      throw new Error(`The statement uses $${number}, which is no variable of its operation`);
    switch (variable.kind) {
      case "choice":
        return `:${nameOf(variable, index)}_${branch.get(variable) ?? 0}`;
      case "text":
        return textInSql(variable, nameOf(variable, index));
      case "id":
      case "id-modulo":
      case "uniform":
      case "zipf":
      case "vector":
        return `:${nameOf(variable, index)}`;
    }
  });
}

/** Random letters a-p out of random numbers, put together by the server: pgbench has no texts. */
function textInSql({ length }: { readonly length: number }, name: string): string {
  if (length === 0) return "''";
  const digits = chunks(length).map((letters, at) => `lpad(to_hex(:${name}_${at}::bigint), ${letters}, '0')`);
  return `translate(${digits.join(" || ")}, '0123456789abcdef', 'abcdefghijklmnop')`;
}

function chunks(length: number): readonly number[] {
  return Array.from({ length: Math.ceil(length / LETTERS_PER_NUMBER) }, (_, at) =>
    Math.min(LETTERS_PER_NUMBER, length - at * LETTERS_PER_NUMBER),
  );
}

/** Scripts share their variables, so each operation's have a name of their own. */
function nameOf({ name }: Variable, index: number): string {
  return `o${index}_${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`;
}

/** The same shares in whole numbers, to a thousandth of the smallest. */
function wholeWeights(weights: readonly number[]): readonly number[] {
  if (weights.every((weight) => Number.isInteger(weight))) return weights;
  const least = Math.min(...weights);
  return weights.map((weight) => Math.round((weight / least) * 1000));
}
