import { runAb } from './ab.ts';
import { autocannonArguments, readAutocannon } from './autocannon.ts';
import { findTool } from './find-tool.ts';
import { type Place, runCommand } from './run-command.ts';
import type { Aim, Volley } from './volley.ts';
import { readWrk, wrkArguments } from './wrk.ts';

/** A program of others that keeps connections busy and counts, faster than a client of ours could. */
export interface LoadTool {
  readonly name: 'wrk' | 'ab' | 'autocannon';
  /** Keeps all connections busy for the aim's time; what came of it is for the caller to judge. */
  shoot(aim: Aim): Promise<Volley>;
}

/** The fastest load tool that is installed; autocannon always is, and it may well be slower than what it measures. */
export async function findLoadTool(place: Place): Promise<LoadTool> {
  const wrk = await findTool('wrk');
  if (wrk !== undefined) return createWrk(wrk, place);
  const ab = await findTool('ab');
  return ab === undefined ? createAutocannon(place) : createAb(ab, place);
}

function createWrk(program: string, place: Place): LoadTool {
  return {
    name: 'wrk',
    shoot: async (aim) => readWrk(await runCommand(program, wrkArguments(aim), place)),
  };
}

function createAb(program: string, place: Place): LoadTool {
  return {
    name: 'ab',
    shoot: (aim) => runAb(program, aim, { seconds: aim.forSeconds }, place),
  };
}

/** Node runs it, because it is a program as well as a module. */
function createAutocannon(place: Place): LoadTool {
  return {
    name: 'autocannon',
    async shoot(aim) {
      const output = await runCommand(process.execPath, autocannonArguments(aim), place);
      return readAutocannon(output, aim.status);
    },
  };
}
