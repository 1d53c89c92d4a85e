import type { BenchStack } from '../bench-stack.ts';
import { chooseCores, type Cores, ticksOf } from '../load/cores.ts';
import { findLoadTool, type LoadTool } from '../load/load-tool.ts';
import { pinSelf, pinStack } from '../load/pin.ts';
import { type Aim, expectVolley, type Volley } from '../load/volley.ts';
import { interleave } from '../measure/rounds.ts';
import type { Setting } from '../scenario.ts';
import { ask, type Contestant, type LineUp, lineUp, type Subject } from './line-up.ts';
import type { Standings, Samples } from './standings.ts';

/** How many keep-alive connections are kept busy. */
const CONNECTIONS = 32;

interface Effort {
  readonly rounds: number;
  /** Before each time that a server is measured: it has stood still while the others were. */
  readonly againSeconds: number;
  readonly warmUpRounds: number;
  readonly forSeconds: number;
}
const FULL: Effort = { rounds: 5, againSeconds: 1, warmUpRounds: 1, forSeconds: 2 };
const QUICK: Effort = { rounds: 1, againSeconds: 0, warmUpRounds: 0, forSeconds: 1 };

/**
 * Measures a fresh answer of the gateway's beside everybody else who gives the same one, in interleaved rounds: one server
 * at a time, on a core of its own, asked from another core. `more` may measure something else on the same line-up, after.
 */
export async function measureSideBySide(
  bench: BenchStack,
  subject: Subject,
  setting: Setting,
  more: (line: LineUp) => Promise<void> = async () => undefined,
): Promise<Standings> {
  const cores = await chooseCores();
  if (cores !== undefined) await pinStack(bench.stack, cores);
  await using line = await lineUp(bench, subject, cores, setting);
  await using _self = cores && (await pinSelf(cores));
  const tool = await findLoadTool({ cores: cores?.load, signal: setting.signal });
  const effort = setting.quick ? QUICK : FULL;
  const { connections, forSeconds } = { connections: CONNECTIONS, forSeconds: effort.forSeconds };
  const aim = { ...subject, connections, forSeconds };
  const range: Range = { tool, cores, aim, againSeconds: effort.againSeconds };

  await measureRounds(line, range, effort.warmUpRounds, setting);
  setting.say('warmed up');
  const samples = await measureRounds(line, range, effort.rounds, setting);
  await more(line);
  const { answer, missing } = line;
  return { samples, answer, missing, cores, tool: tool.name, connections, ...effort };
}

/** What all contestants are measured with. */
interface Range {
  readonly tool: LoadTool;
  readonly cores: Cores | undefined;
  readonly aim: Omit<Aim, 'url'>;
  readonly againSeconds: number;
}

async function measureRounds(
  { contestants }: LineUp,
  range: Range,
  rounds: number,
  setting: Setting,
): Promise<readonly Samples[]> {
  const samples = contestants.map(({ name }): Samples => ({ name, volleys: [], busy: [] }));
  const runs = contestants.map((contestant, index) => async () => {
    const { volley, busy } = await shootAt(contestant, range);
    samples[index]?.volleys.push(volley);
    if (busy !== undefined) samples[index]?.busy.push(busy);
  });
  await interleave(rounds, runs, setting);
  return samples;
}

async function shootAt(
  contestant: Contestant,
  { tool, cores, aim, againSeconds }: Range,
): Promise<{ volley: Volley; busy: number | undefined }> {
  await contestant.prepare();
  const before = await expectMeant(contestant, aim);
  const target = { ...aim, url: contestant.url };
  if (againSeconds > 0) await tool.shoot({ ...target, forSeconds: againSeconds });
  const { value: volley, busy } = await whileBusy(cores?.server, () => tool.shoot(target));
  try {
    expectVolley(volley, target, before);
    await expectMeant(contestant, aim);
  } catch (error) {
    throw new Error(`${contestant.name}: ${String(error)}`, { cause: error });
  }
  return { volley, busy };
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
