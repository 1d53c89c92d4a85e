import type { Finding } from './finding.ts';
import type { Fault } from '../with-stack.ts';
import type { House, HouseOptions, LaneName } from './house.ts';
import type { Exchange } from './judges/client/exchange.ts';
import type { Breakage, Plan, Question } from './judges/client/plan.ts';
import type { AllowedEnds } from './judges/process/main.ts';
import type { WarehouseLimits } from './judges/warehouse/find-waste.ts';
import type { Choice, Trouble } from './proxy/lane.ts';
import type { QueryName } from './question.ts';

/** What a row measured, for the report: numbers with their unit in the name. */
export type Figures = Readonly<Record<string, number | string>>;

/** What this row does that would be a fault in any other. */
export interface Allowances {
  /** Processes that the row ends itself. */
  readonly ends?: AllowedEnds;
  readonly warehouse?: Partial<WarehouseLimits>;
  /** Broken connections of the control group. */
  readonly breaks?: readonly Breakage[];
  /** The control group may get other answers than fresh ones: the row says what it claims of it. */
  readonly controlDegrades?: boolean;
}

/** A row of the fault matrix. */
export interface Row {
  /** As in the matrix, with a letter where a row has variants: `W1`, `W1b`. */
  readonly id: string;
  readonly title: string;
  /** What is broken, and how. */
  readonly injected: string;
  /** Whether it is part of the quick set. */
  readonly quick: boolean;
  /** A stack of its own with these options; the common one when left out. */
  readonly house?: HouseOptions;
  readonly allows?: Allowances;
  /** Injects, drives load, heals, and returns what it measured; throws only when it cannot go on. */
  run(chaos: Chaos): Promise<Figures>;
}

/** Declares a row. */
export function defineRow(row: Row): Row {
  return row;
}

/** A load without its name and target, which the row's own house gives it. */
export type Load = Omit<Plan, 'name' | 'origin' | 'questions'> & {
  readonly questions: readonly Question[] | Question;
  /** Needed when several loads run at a time. */
  readonly name?: string;
};

/** What a row has in hand. */
export interface Chaos extends Omit<House, 'options'> {
  /** Whether times are judged strictly: on a machine that does nothing else. */
  readonly isStrict: boolean;
  /** A word that no other run of a row uses: part of every key. */
  readonly run: string;
  /** Sends a load that has an end and resolves with its exchanges. */
  fire(load: Load): Promise<readonly Exchange[]>;
  /** Begins a load; calling the result ends it and resolves with its exchanges. */
  begin(load: Load): Promise<() => Promise<readonly Exchange[]>>;
  /** Asks once for each of these questions, so that there are entries; every one must be answered live. */
  seed(questions: readonly Question[]): Promise<void>;
  /** Sets the warehouse's faults; none heals it. */
  faults(...list: readonly Fault[]): Promise<void>;
  trouble(lane: LaneName, trouble: Trouble): Promise<void>;
  cut(lane: LaneName, choice?: Choice): Promise<number>;
  /** Call right after the end of the fault: how long new questions take to be answered well again (I7). */
  recovery(query?: QueryName, withinMs?: number): Promise<number>;
  /** The row's own criterion: what has to hold, and what was got. */
  claim(what: string, isMet: boolean, got?: number | string): void;
}

/** One of the row's own criteria. */
export interface Claim {
  readonly what: string;
  readonly isMet: boolean;
  readonly got: number | string | undefined;
}

/** A row as it went. */
export interface RowResult {
  readonly id: string;
  readonly title: string;
  readonly injected: string;
  readonly seconds: number;
  readonly passed: boolean;
  readonly figures: Figures;
  readonly claims: readonly Claim[];
  readonly findings: readonly Finding[];
}
