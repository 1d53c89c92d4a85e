import { isDeepStrictEqual } from 'node:util';
import { messageOf } from './apart/message-of.ts';
import { finding } from './finding.ts';
import { type House, startHouse } from './house.ts';
import type { Row, RowResult } from './row.ts';
import { runRow } from './run-row.ts';

/** Runs rows in one house after another: neighbours that want the same stack share one, until a row fails in it. */
export interface Street extends AsyncDisposable {
  /** Runs a row; what goes wrong becomes a finding, never a rejection. */
  run(row: Row): Promise<RowResult>;
}

/** A street without a house; strict: times and memory are judged, too. */
export function createStreet(isStrict: boolean): Street {
  let house: House | undefined;

  async function leave(): Promise<void> {
    const left = house;
    house = undefined;
    await left?.[Symbol.asyncDispose]();
  }
  async function houseFor({ house: options = {} }: Row): Promise<House> {
    if (house && isDeepStrictEqual(house.options, options)) return house;
    await leave();
    house = await startHouse(options);
    return house;
  }
  return {
    async run(row) {
      try {
        const result = await runRow(await houseFor(row), row, isStrict);
        if (!result.passed) await leave();
        return result;
      } catch (error) {
        await leave().catch(() => undefined);
        return broken(row, error);
      }
    },
    [Symbol.asyncDispose]: leave,
  };
}

function broken({ id, title, injected }: Row, error: unknown): RowResult {
  const findings = [finding('row', messageOf(error))];
  return { id, title, injected, seconds: 0, passed: false, figures: {}, claims: [], findings };
}
