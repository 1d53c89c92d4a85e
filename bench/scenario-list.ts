import type { Scenario } from './scenario.ts';
import { coldHome } from './scenarios/cold-home.ts';
import { hit } from './scenarios/hit.ts';
import { miss } from './scenarios/miss.ts';
import { start } from './scenarios/start.ts';

/** Every scenario, in the order in which all of them run. */
export const scenarioList: readonly Scenario[] = [start, coldHome, miss, hit];
