import { finding, type Finding } from './finding.ts';
import type { House } from './house.ts';
import { ask } from './question.ts';
import type { Chaos, Claim, Load, Row } from './row.ts';
import { isGood } from './judges/client/exchange.ts';

/** What a row has said and suffered, besides what the judges find. */
export interface Notes {
  readonly claims: Claim[];
  readonly findings: Finding[];
  readonly figures: Record<string, number>;
}

const strictRecoveryMs = 5_000;
/** On a machine that others use as well, waiting for a turn is no failure to recover. */
const patientRecoveryMs = 20_000;

let runs = 0;

/** Puts a house and its judges into the hand of a row. */
export function chaosFor(row: Row, house: House, isStrict: boolean, notes: Notes): Chaos {
  const run = `${row.id.toLowerCase()}-${process.pid}-${++runs}`;
  const { stack, client, proxy } = house;
  const origin = stack.addresses.gateway;
  const planOf = ({ questions, name = `load-${++runs}`, ...load }: Load) => ({
    ...load,
    name,
    origin,
    questions: 'path' in questions ? [questions] : questions,
  });
  const fire: Chaos['fire'] = (load) => client.ask('fire', planOf(load));
  return {
    ...house,
    isStrict,
    run,
    fire,
    async begin(load) {
      const plan = planOf(load);
      await client.ask('begin', plan);
      return () => client.ask('end', plan.name);
    },
    async seed(questions) {
      const arrival = { kind: 'at-once', count: questions.length } as const;
      const exchanges = await fire({ questions, arrival });
      const missed = exchanges.find((exchange) => !isGood(exchange));
      if (missed) throw new Error(`not seeded: ${missed.path}: ${missed.outcome ?? missed.broken}`);
    },
    faults: (...list) => stack.faults(list),
    trouble: (lane, trouble) => proxy.ask('suffer', lane, trouble),
    cut: (lane, choice) => proxy.ask('cut', lane, choice),
    async recovery(query = 'lasting', withinMs = isStrict ? strictRecoveryMs : patientRecoveryMs) {
      const key = `${run}-recovery-${++runs}-{n}`;
      const arrival = { kind: 'rate', perSecond: 10 } as const;
      const plan = planOf({ questions: ask(query, key), arrival });
      const tookMs = await client.ask('untilGood', plan, 30_000);
      const what = tookMs === undefined ? 'not in 30 s' : `after ${Math.round(tookMs)} ms`;
      if (tookMs === undefined || tookMs > withinMs)
        notes.findings.push(finding('I7', `good answers again ${what}, ${withinMs} ms at most`));
      notes.figures['recoveredMs'] = Math.round(tookMs ?? 30_000);
      return tookMs ?? 30_000;
    },
    claim: (what, isMet, got) => void notes.claims.push({ what, isMet, got }),
  };
}
