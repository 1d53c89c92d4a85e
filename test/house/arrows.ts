import { posix } from 'node:path';
import { ROOMS, type Room, type SourceFile } from './source-files.ts';

interface Rule {
  /** Other rooms whose modules may be imported. */
  readonly rooms: readonly Room[];
  /** Packages that must not be imported, or the only ones that may be. */
  readonly packages?: { readonly never: readonly string[] } | { readonly only: readonly string[] };
}

const WAREHOUSE_CLIENT = '@google-cloud/bigquery';

/** Which way the arrows run. What a room starts as a process it does not import. */
export const RULES: Readonly<Record<Room, Rule>> = {
  gateway: { rooms: ['shared'], packages: { never: [WAREHOUSE_CLIENT, 'piscina'] } },
  workers: { rooms: ['shared'], packages: { never: ['express'] } },
  shared: { rooms: [], packages: { never: [WAREHOUSE_CLIENT, 'piscina', 'express'] } },
  emulator: { rooms: [] },
  stack: { rooms: ['shared'] },
  // The dry run of every query is the workers' business: they alone speak to the warehouse.
  cli: { rooms: ['shared', 'workers'], packages: { never: [WAREHOUSE_CLIENT] } },
  bench: { rooms: ['stack'] },
  examples: { rooms: [], packages: { only: ['punctual'] } },
  test: { rooms: ROOMS },
};

// Statements begin a line, as the formatter leaves them; of a clause only names, braces, commas and stars are taken, so
// that no other text between `export` and a later `from` can pass for one.
const STATEMENT = /^(?:import|export)\s(?:[\w$\s{},*]*\sfrom\s+)?(['"])(?<specifier>[^'"\n]+)\1/gm;
const CALL = /\b(?:import|require)\(\s*(['"`])(?<specifier>[^'"`\n]+)\1/g;

/** The specifiers that a file imports: static, re-exported, dynamic and in types, where they are literals. */
export function importsOf(text: string): string[] {
  return [STATEMENT, CALL].flatMap((form) =>
    [...text.matchAll(form)].map((match) => match.groups?.['specifier'] ?? ''),
  );
}

/** What is wrong with the imports of a file, a line for each. */
export function arrowProblems({ path, text }: SourceFile): string[] {
  return importsOf(text).flatMap((specifier) =>
    [...problemsOf(path, specifier)].map((problem) => `${path}: imports ${specifier}, ${problem}`),
  );
}

function* problemsOf(path: string, specifier: string): Generator<string> {
  const room = roomOf(path);
  if (!room) yield 'from a folder that has no rule';
  else if (specifier.startsWith('.')) {
    if (!specifier.endsWith('.ts')) yield 'which Node cannot find: it must end in .ts';
    const target = posix.join(posix.dirname(path), specifier);
    const other = roomOf(target);
    if (!other) yield 'which is in no room';
    else if (other !== room && !RULES[room].rooms.includes(other))
      yield `but ${room}/ may not import ${other}/`;
  } else if (!mayImport(room, specifier)) yield `but ${room}/ may not import that package`;
}

function roomOf(path: string): Room | undefined {
  const [top] = path.split('/');
  return ROOMS.find((room) => room === top);
}

function mayImport(room: Room, specifier: string): boolean {
  const { packages } = RULES[room];
  if (!packages) return true;
  const isOf = (name: string) => specifier === name || specifier.startsWith(`${name}/`);
  return 'only' in packages ? packages.only.some(isOf) : !packages.never.some(isOf);
}
