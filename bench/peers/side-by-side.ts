import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { chooseCores, type Cores, ticksOf } from '../load/cores.ts';
import { findLoadTool, type LoadTool } from '../load/load-tool.ts';
import { pinSelf, pinStack } from '../load/pin.ts';
import { type Aim, expectVolley, type Volley } from '../load/volley.ts';
import { inTurn } from '../measure/rounds.ts';
import type { Setting } from '../scenario.ts';
import { ask, type Contestant, type LineUp, lineUp, type Subject } from './line-up.ts';
import type { Standings, Samples } from './standings.ts';

/** How many keep-alive connections are kept busy. */
const CONNECTIONS = 32;

/** What is asked for, once this gateway gives it fresh. */
export type Prepare = (bench: BenchStack) => Promise<Subject>;
/** Measures something else on the same servers. */
export type Measurement = (bench: BenchStack, line: LineUp) => Promise<void>;

interface Effort {
  readonly rounds: number;
  /** Before a server is measured: compilers have done their work by then. */
  readonly warmUpSeconds: number;
  readonly forSeconds: number;
}
const FULL: Effort = { rounds: 5, warmUpSeconds: 4, forSeconds: 2 };
const QUICK: Effort = { rounds: 1, warmUpSeconds: 0, forSeconds: 1 };

/**
 * Measures a fresh answer of the gateway's beside everybody else who gives the same one, in interleaved rounds: one server
 * at a time, on a core of its own, asked from another core. Each round has servers of its own, since a process keeps for life
 * what its compiler once made of it: rounds of the same processes differ less than two processes do. `more` is measured on
 * the last ones.
 */
export async function measureSideBySide(
  prepare: Prepare,
  setting: Setting,
  more?: Measurement,
): Promise<Standings> {
  const cores = await chooseCores();
  const effort = setting.quick ? QUICK : FULL;
  const tool = await findLoadTool({ cores: cores?.load, signal: setting.signal });
  const range: Range = { tool, cores, connections: CONNECTIONS, ...effort };
  const rounds: Round[] = [];
  for (let number = 1; number <= effort.rounds; number += 1) {
    setting.say(`round ${number} of ${effort.rounds}`);
    const isLast = number === effort.rounds;
    rounds.push(await measureAnew(prepare, range, number, setting, isLast ? more : undefined));
  }
  const [first] = rounds;
  if (first === undefined) throw new Error('nothing was measured');
  const { answer, missing } = first;
  const samples = samplesOf(first, rounds);
  return { samples, answer, missing, cores, tool: tool.name, connections: CONNECTIONS, ...effort };
}

/** What all contestants are measured with. */
interface Range extends Effort {
  readonly tool: LoadTool;
  readonly cores: Cores | undefined;
  readonly connections: number;
}

/** What came of one round. */
interface Round extends Pick<LineUp, 'answer' | 'missing'> {
  /** In the order of the line-up. */
  readonly shots: readonly Shot[];
}

interface Shot {
  readonly name: string;
  readonly volley: Volley;
  readonly busy: number | undefined;
}

/** One round: starts everybody, measures one after the other, and stops them. Who is the first changes with its number. */
async function measureAnew(
  prepare: Prepare,
  range: Range,
  number: number,
  setting: Setting,
  more: Measurement | undefined,
): Promise<Round> {
  const { cores } = range;
  await using bench = await startBenchStack(setting);
  const subject = await prepare(bench);
  if (cores !== undefined) await pinStack(bench.stack, cores);
  await using line = await lineUp(bench, subject, cores, setting);
  await using _self = cores && (await pinSelf(cores));
  const { contestants, answer, missing } = line;
  const shots = new Map<Contestant, Shot>();
  for (const contestant of inTurn(contestants, number)) {
    setting.signal.throwIfAborted();
    shots.set(contestant, await shootAt(contestant, subject, range));
  }
  await more?.(bench, line);
  return { answer, missing, shots: contestants.flatMap((one) => shots.get(one) ?? []) };
}

/** The rounds of each contestant; throws when they were not the same ones every time. */
function samplesOf(first: Round, rounds: readonly Round[]): Samples[] {
  const namesOf = ({ shots }: Round) => shots.map(({ name }) => name).join(', ');
  const other = rounds.find((round) => namesOf(round) !== namesOf(first));
  if (other) throw new Error(`measured were ${namesOf(first)}, and then ${namesOf(other)}`);
  return first.shots.map(({ name }, index) => {
    const shots = rounds.flatMap((round) => round.shots[index] ?? []);
    return {
      name,
      volleys: shots.map(({ volley }) => volley),
      busy: shots.flatMap(({ busy }) => busy ?? []),
    };
  });
}

async function shootAt(contestant: Contestant, subject: Subject, range: Range): Promise<Shot> {
  const { tool, cores, connections, warmUpSeconds, forSeconds } = range;
  const { name, url } = contestant;
  const aim = { ...subject, url, connections, forSeconds };
  await contestant.prepare();
  const before = await expectMeant(contestant, aim);
  if (warmUpSeconds > 0) await tool.shoot({ ...aim, forSeconds: warmUpSeconds });
  const { value: volley, busy } = await whileBusy(cores?.server, () => tool.shoot(aim));
  try {
    expectVolley(volley, aim, before);
    await expectMeant(contestant, aim);
  } catch (error) {
    throw new Error(`${name}: ${String(error)}`, { cause: error });
  }
  return { name, volley, busy };
}

async function expectMeant({ name, url, isMeant }: Contestant, { headers }: Pick<Aim, 'headers'>) {
  const reply = await ask(url, headers);
  if (isMeant(reply)) return reply;
  throw new Error(`${name} gave another answer: ${reply.head}`);
}

/** What a call gives, and the share of its time for which the core was at work. */
async function whileBusy<T>(core: string | undefined, call: () => Promise<T>) {
  if (core === undefined) return { value: await call(), busy: undefined };
  const before = await ticksOf(core);
  const value = await call();
  const after = await ticksOf(core);
  return { value, busy: (after.busy - before.busy) / (after.all - before.all) };
}
