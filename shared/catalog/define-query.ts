import { z } from 'zod';
import type { Duration } from '../duration.ts';
import type { PolicyText } from './policy.ts';

/** The shape of a query's parameters, and of one row of its result. */
export type Shape = z.ZodObject<z.ZodRawShape>;

/**
 * A query as its author writes it; its GoogleSQL stands beside the file, under the same name with `.sql`.
 * Parameters are named (`@userId`) and every one of them is used.
 */
export interface QueryDefinition<P extends Shape = Shape, R extends Shape = Shape> {
  /** Kebab-case, unique in the catalog, and the name of the file. */
  readonly name: string;
  /** One sentence for people who pick queries from the catalog. */
  readonly summary: string;
  readonly parameters: P;
  readonly row: R;
  readonly policy?: PolicyText;
  readonly batch?: BatchText<Extract<keyof z.output<P>, string>>;
  /** What is served, in this order, when there is neither a result in time nor an entry. */
  readonly fallback?: Fallbacks<NoInfer<z.output<P>>, NoInfer<z.output<R>>>;
  /** What is run before anybody asks. */
  readonly warm?: WarmText<NoInfer<z.input<P>>>;
  /** A pure function over the checked rows; it runs in the worker's thread and its text is part of the query's version. */
  readonly transform?: (rows: z.output<R>[], parameters: z.output<P>) => z.output<R>[];
}

/**
 * Marks a query that answers for many keys at once. Its SQL takes the parameter as an ARRAY of its type and gives each row
 * a column of the same name with the key that the row belongs to. Callers give one key, as the parameter is declared.
 */
export interface BatchText<N extends string = string> {
  /** A parameter that is an integer or a string and is always given. */
  readonly by: N;
  /** How many keys one warehouse job answers for: 1 to 10,000, by default 500. */
  readonly most?: number;
}

/** Which parameter sets are warmed, and how often; the lists are put together. No part of the query's version. */
export interface WarmText<P = never> {
  /** From the start of one run to that of the next, 10s or more. Left out, it is four fifths of the policy's `freshFor`. */
  readonly every?: Duration;
  readonly sets?: readonly P[];
  /** A query whose rows are parameter sets: columns named like parameters; others are ignored, missing ones take their defaults. */
  readonly from?: {
    readonly query: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  };
  /** At most so many sets more are learned from what is asked for; 0, the default, for none. */
  readonly learned?: number;
}

/** One stand-in, or several in the order in which they are tried. */
export type Fallbacks<P = never, R = unknown> = Fallback<P, R> | readonly Fallback<P, R>[];

/** What stands in for a query's result: another query's entry, or constant rows. */
export type Fallback<P = never, R = unknown> = EntryFallback<P> | RowsFallback<R>;

/** Fallback to the entry of another query, whose rows must have at least the same columns. */
export interface EntryFallback<P = never> {
  readonly kind: 'entry';
  readonly query: string;
  readonly parameters: (parameters: P) => Record<string, unknown>;
}

/** Fallback to constant rows. */
export interface RowsFallback<R = unknown> {
  readonly kind: 'rows';
  readonly rows: readonly R[];
}

/** Declares a query; types flow from its parameters and row into transform, fallback and the endpoints that ask it. */
export function defineQuery<P extends Shape, R extends Shape>(
  definition: QueryDefinition<P, R>,
): QueryDefinition<P, R> {
  return definition;
}

/** Falls back to what is stored for another query, asked with parameters made from this one's. */
export function from<P, Q extends Shape>(
  query: { readonly name: string; readonly parameters: Q },
  parameters: (parameters: P) => z.input<Q>,
): EntryFallback<P> {
  return { kind: 'entry', query: query.name, parameters };
}

/** Falls back to the same rows for everybody. */
export function constant<R = never>(...rows: R[]): RowsFallback<R> {
  return { kind: 'rows', rows };
}

/** A page-size parameter within bounds. */
export function limit(least: number, most: number, standard: number) {
  return z.int().min(least).max(most).default(standard);
}
