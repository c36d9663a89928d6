import type { Micros } from "../../../../model/clock.ts";
import type {
  EngineConnection,
  EnterBegun,
  PreparedStatement,
  Settled,
} from "../../../wire/engine-connection.ts";
import { clientCodes } from "../../../wire/outcomes.ts";
import type { Carrier, InFlight } from "./in-flight.ts";

/** Whose a session is: told when it can be used and when it cannot, and what became of the operations it was given. */
export interface SessionOwner {
  readonly nowUs: () => Micros;
  readonly enterBegun: EnterBegun;
  /** Connected, or done with an operation and still usable. */
  ready(session: Session, nowUs: Micros): void;
  /** Its connection is gone. */
  lost(session: Session, code: string): void;
  /**
   * The time of its operation is over, and the server has not answered. Whether the connection is kept until it does, for the
   * operations after it; not given: it never is.
   */
  lingers?(session: Session): boolean;
  /** A log-in for it failed; it will be tried again. */
  refused(session: Session, code: string, text: string): void;
  /** `sent`: did anything go out that may have taken effect? `warning`: SQLSTATE of one that came with the answer. */
  completed(
    inFlight: InFlight,
    nowUs: Micros,
    code: string | null,
    sent: boolean,
    warning: string | null,
  ): void;
}

/**
 * What becomes of a connection whose server answered with an error. `ends`: it may lead to a server that will go on giving
 * that error, such as a primary that has become a standby, and a new one to another. Where the server could not reach a
 * server behind it (a coordinator a worker), a new connection would lead to the same: it stays.
 */
export type AfterError = "stays" | "ends";

/** A place for a connection, and the operation that runs on it. */
export class Session implements Carrier {
  connection: EngineConnection | null = null;
  inFlight: InFlight | null = null;
  /** Has it been served since the steady phase began? */
  served = false;
  /** The operation that it was given is told of already, and its server has yet to answer it. */
  #lingers = false;
  readonly #owner: SessionOwner;
  readonly #afterError: AfterError;
  /** One function for all operations, so that sending one makes nothing new. */
  readonly #settled: Settled;

  constructor(owner: SessionOwner, afterError: AfterError = "stays") {
    this.#owner = owner;
    this.#afterError = afterError;
    this.#settled = (code, sent, warning) => this.#settle(code, sent, warning);
  }

  get idle(): boolean {
    return this.inFlight === null && !this.#lingers && this.connection?.usable === true;
  }

  connected(connection: EngineConnection): void {
    this.connection = connection;
    if (connection.direct !== undefined)
      connection.direct.enterBegun = (answered) => this.#owner.enterBegun(answered);
    connection.onLost = (code) => {
      if (this.connection !== connection) return;
      this.connection = null;
      this.#owner.lost(this, code);
    };
    if (this.inFlight === null) this.#owner.ready(this, this.#owner.nowUs());
  }

  refused(code: string, text: string): void {
    this.#owner.refused(this, code, text);
  }

  send(inFlight: InFlight, nowUs: Micros): void {
    this.inFlight = inFlight;
    inFlight.session = this;
    inFlight.startUs = nowUs;
    if (inFlight.sentUs < 0) inFlight.sentUs = nowUs;
    this.#begin(inFlight);
  }

  /** Sends an operation that has begun with dialling for it. */
  sendBegun(inFlight: InFlight): void {
    this.inFlight = inFlight;
    inFlight.session = this;
    this.#begin(inFlight);
  }

  sentElsewhere(inFlight: InFlight, sent: boolean, rest: Buffer | null): void {
    this.inFlight = inFlight;
    inFlight.session = this;
    inFlight.step = 0;
    inFlight.harmless = false;
    inFlight.failure = null;
    const { prepared } = inFlight.route.operation.first;
    this.connection?.direct?.began(prepared, sent, rest, this.#settled);
  }

  passOn(nowUs: Micros): void {
    this.#owner.ready(this, nowUs);
  }

  expire(inFlight: InFlight): void {
    this.#lingers =
      this.inFlight === inFlight && this.connection !== null && this.#owner.lingers?.(this) === true;
    if (!this.#lingers) this.connection?.destroy(clientCodes.timeout);
    if (this.inFlight === inFlight) this.#land(clientCodes.timeout, true, null);
  }

  close(): void {
    const { connection } = this;
    this.connection = null;
    connection?.close();
  }

  #begin(inFlight: InFlight): void {
    inFlight.step = 0;
    inFlight.harmless = inFlight.route.operation.definition.form === "transaction";
    inFlight.failure = null;
    this.#step(inFlight);
  }

  #step(inFlight: InFlight): void {
    const { connection } = this;
    if (connection === null) {
      this.#land(clientCodes.connectionLost, false, null);
      return;
    }
    const { statements, definition, first } = inFlight.route.operation;
    if (definition.form === "statement") {
      connection.run(first.prepared, first.valuesFrom(inFlight.drawn), this.#settled);
    } else if (definition.form === "transaction") {
      const statement = statements[inFlight.step - 1];
      if (inFlight.step === ROLLBACK) connection.run(rollback, NONE, this.#settled);
      else if (inFlight.step === 0) connection.run(begin, NONE, this.#settled);
      else if (statement === undefined) connection.run(commit, NONE, this.#settled);
      else connection.run(statement.prepared, statement.valuesFrom(inFlight.drawn), this.#settled);
    } else if (connection.copy === undefined) {
      this.#land("0A000", false, null);
    } else {
      connection.copy(first.prepared.sql, inFlight.text, this.#settled);
    }
  }

  #settle(code: string | null, sent: boolean, warning: string | null): void {
    const inFlight = this.inFlight;
    if (inFlight === null) {
      if (this.#lingers) this.#answeredLate(code);
      return;
    }
    if (inFlight.route.operation.definition.form !== "transaction") this.#land(code, sent, warning);
    else this.#settleStep(inFlight, code, sent, warning);
  }

  /** The connection is as good as any other again, unless the answer says otherwise, or leaves a transaction behind. */
  #answeredLate(code: string | null): void {
    this.#lingers = false;
    if (this.connection?.transaction !== "idle") this.connection?.destroy(clientCodes.timeout);
    else if (code !== null) this.#afterErrorOf(code);
    if (this.connection?.usable === true) this.#owner.ready(this, this.#owner.nowUs());
  }

  #afterErrorOf(code: string): void {
    if (this.#afterError === "ends" && !failedBeyond(code)) this.connection?.destroy(code);
  }

  /** Until COMMIT goes out nothing can have taken effect, whatever happens. */
  #settleStep(inFlight: InFlight, code: string | null, sent: boolean, warning: string | null): void {
    const committing = inFlight.step === inFlight.route.operation.statements.length + 1;
    if (inFlight.step === ROLLBACK) {
      if (code !== null) this.connection?.destroy(code);
      this.#land(inFlight.failure, true, null);
    } else if (committing) {
      this.#land(code, sent, warning);
    } else if (code === null) {
      inFlight.step += 1;
      inFlight.harmless = inFlight.step <= inFlight.route.operation.statements.length;
      this.#step(inFlight);
    } else if (this.connection?.usable === true && this.connection.transaction !== "idle") {
      inFlight.failure = code;
      inFlight.step = ROLLBACK;
      this.#step(inFlight);
    } else {
      this.#land(code, sent, null);
    }
  }

  #land(code: string | null, sent: boolean, warning: string | null): void {
    const inFlight = this.inFlight;
    if (inFlight === null) return;
    const nowUs = this.#owner.nowUs();
    this.inFlight = null;
    inFlight.session = null;
    inFlight.row = this.connection?.row ?? null;
    inFlight.rows = this.connection?.rows ?? null;
    if (code === null) this.served = true;
    else if (!this.#lingers) this.#afterErrorOf(code);
    if (!this.#lingers && this.connection?.usable === true) this.#owner.ready(this, nowUs);
    this.#owner.completed(inFlight, nowUs, code, sent, warning);
  }
}

const NONE: readonly never[] = [];
const ROLLBACK = -1;
const begin: PreparedStatement = { name: "dpg_begin", sql: "begin", parameterCount: 0 };
const commit: PreparedStatement = { name: "dpg_commit", sql: "commit", parameterCount: 0 };
const rollback: PreparedStatement = { name: "dpg_rollback", sql: "rollback", parameterCount: 0 };

/**
 * What postgres_fdw and Citus say of their own connections to other servers: sqlclient_unable_to_establish_sqlconnection and
 * connection_failure (PostgreSQL manual, appendix A). One that is lost to the client itself has a client's code.
 */
function failedBeyond(code: string): boolean {
  return code === "08001" || code === "08006";
}
