import type { Micros } from "../../../../model/clock.ts";
import type { EngineConnection, PreparedStatement, Settled } from "../../../wire/engine-connection.ts";
import { clientCodes } from "../../../wire/outcomes.ts";
import type { Carrier, Flight } from "./flight.ts";

/** Whose a session is: told when it can be used and when it cannot, and what became of the flights it was given. */
export interface SessionOwner {
  readonly nowUs: () => Micros;
  /** Connected, or done with a flight and still usable. */
  ready(session: Session, nowUs: Micros): void;
  /** Its connection is gone. */
  lost(session: Session, code: string): void;
  /** A log-in for it failed; it will be tried again. */
  refused(session: Session, code: string, text: string): void;
  /** `sent`: did anything go out that may have taken effect? `warning`: SQLSTATE of one that came with the answer. */
  landed(flight: Flight, nowUs: Micros, code: string | null, sent: boolean, warning: string | null): void;
}

/**
 * What becomes of a connection whose server answered with an error. `ends`: it may lead to a server that will go on giving
 * that error, such as a primary that has become a standby, and a new one to another.
 */
export type AfterError = "stays" | "ends";

/** A place for a connection, and the flight that runs on it. */
export class Session implements Carrier {
  connection: EngineConnection | null = null;
  flight: Flight | null = null;
  /** Has it been served since the steady phase began? */
  served = false;
  readonly #owner: SessionOwner;
  readonly #afterError: AfterError;
  /** One function for all flights, so that sending one makes nothing new. */
  readonly #settled: Settled;

  constructor(owner: SessionOwner, afterError: AfterError = "stays") {
    this.#owner = owner;
    this.#afterError = afterError;
    this.#settled = (code, sent, warning) => this.#settle(code, sent, warning);
  }

  get idle(): boolean {
    return this.flight === null && this.connection?.usable === true;
  }

  connected(connection: EngineConnection): void {
    this.connection = connection;
    connection.onLost = (code) => {
      if (this.connection !== connection) return;
      this.connection = null;
      this.#owner.lost(this, code);
    };
    if (this.flight === null) this.#owner.ready(this, this.#owner.nowUs());
  }

  refused(code: string, text: string): void {
    this.#owner.refused(this, code, text);
  }

  /** Only when idle. */
  send(flight: Flight, nowUs: Micros): void {
    this.flight = flight;
    flight.session = this;
    flight.startUs = nowUs;
    if (flight.sentUs < 0) flight.sentUs = nowUs;
    this.#begin(flight);
  }

  /** Sends a flight that has begun with dialling for it. */
  sendBegun(flight: Flight): void {
    this.flight = flight;
    flight.session = this;
    this.#begin(flight);
  }

  expire(flight: Flight): void {
    this.connection?.destroy(clientCodes.timeout);
    if (this.flight === flight) this.#land(clientCodes.timeout, true, null);
  }

  close(): void {
    const { connection } = this;
    this.connection = null;
    connection?.close();
  }

  #begin(flight: Flight): void {
    flight.step = 0;
    flight.harmless = flight.lane.operation.definition.form === "transaction";
    flight.failure = null;
    this.#step(flight);
  }

  #step(flight: Flight): void {
    const { connection } = this;
    if (connection === null) {
      this.#land(clientCodes.connectionLost, false, null);
      return;
    }
    const { statements, definition, first } = flight.lane.operation;
    if (definition.form === "statement") {
      connection.run(first.prepared, first.valuesFrom(flight.drawn), this.#settled);
    } else if (definition.form === "transaction") {
      const statement = statements[flight.step - 1];
      if (flight.step === ROLLBACK) connection.run(rollback, NONE, this.#settled);
      else if (flight.step === 0) connection.run(begin, NONE, this.#settled);
      else if (statement === undefined) connection.run(commit, NONE, this.#settled);
      else connection.run(statement.prepared, statement.valuesFrom(flight.drawn), this.#settled);
    } else if (connection.copy === undefined) {
      this.#land("0A000", false, null);
    } else {
      connection.copy(first.prepared.sql, flight.text, this.#settled);
    }
  }

  #settle(code: string | null, sent: boolean, warning: string | null): void {
    const flight = this.flight;
    if (flight === null) return;
    if (flight.lane.operation.definition.form !== "transaction") this.#land(code, sent, warning);
    else this.#settleStep(flight, code, sent, warning);
  }

  /** Until COMMIT goes out nothing can have taken effect, whatever happens. */
  #settleStep(flight: Flight, code: string | null, sent: boolean, warning: string | null): void {
    const committing = flight.step === flight.lane.operation.statements.length + 1;
    if (flight.step === ROLLBACK) {
      if (code !== null) this.connection?.destroy(code);
      this.#land(flight.failure, true, null);
    } else if (committing) {
      this.#land(code, sent, warning);
    } else if (code === null) {
      flight.step += 1;
      flight.harmless = flight.step <= flight.lane.operation.statements.length;
      this.#step(flight);
    } else if (this.connection?.usable === true && this.connection.transaction !== "idle") {
      flight.failure = code;
      flight.step = ROLLBACK;
      this.#step(flight);
    } else {
      this.#land(code, sent, null);
    }
  }

  #land(code: string | null, sent: boolean, warning: string | null): void {
    const flight = this.flight;
    if (flight === null) return;
    const nowUs = this.#owner.nowUs();
    this.flight = null;
    flight.session = null;
    flight.row = this.connection?.row ?? null;
    if (code === null) this.served = true;
    else if (this.#afterError === "ends") this.connection?.destroy(code);
    if (this.connection?.usable === true) this.#owner.ready(this, nowUs);
    this.#owner.landed(flight, nowUs, code, sent, warning);
  }
}

const NONE: readonly never[] = [];
const ROLLBACK = -1;
const begin: PreparedStatement = { name: "dpg_begin", sql: "begin", parameterCount: 0 };
const commit: PreparedStatement = { name: "dpg_commit", sql: "commit", parameterCount: 0 };
const rollback: PreparedStatement = { name: "dpg_rollback", sql: "rollback", parameterCount: 0 };
