import type { Scenario } from './scenario.ts';
import { batchOfUsers } from './scenarios/batch-of-users.ts';
import { bigResult } from './scenarios/big-result.ts';
import { breakerOpen } from './scenarios/breaker-open.ts';
import { coldHome } from './scenarios/cold-home.ts';
import { fanOut } from './scenarios/fan-out.ts';
import { hit2k } from './scenarios/hit-2k.ts';
import { hit45kGzip } from './scenarios/hit-45k-gzip.ts';
import { homePageHit } from './scenarios/home-page-hit.ts';
import { miss } from './scenarios/miss.ts';
import { pageOfFive } from './scenarios/page-of-five.ts';
import { w2 } from './scenarios/replays/w2.ts';
import { w3Cache } from './scenarios/replays/w3-cache.ts';
import { w3Spike } from './scenarios/replays/w3-spike.ts';
import { w3 } from './scenarios/replays/w3.ts';
import { w4 } from './scenarios/replays/w4.ts';
import { w5 } from './scenarios/replays/w5.ts';
import { revalidate304 } from './scenarios/revalidate-304.ts';
import { stampede } from './scenarios/stampede-10k.ts';
import { start } from './scenarios/start.ts';
import { warmMany } from './scenarios/warm-many.ts';

/** Every scenario, in the order in which all of them run. */
export const scenarioList: readonly Scenario[] = [
  start,
  coldHome,
  miss,
  hit2k,
  hit45kGzip,
  homePageHit,
  revalidate304,
  breakerOpen,
  fanOut,
  pageOfFive,
  stampede,
  batchOfUsers,
  warmMany,
  bigResult,
  w2,
  w3,
  w3Spike,
  w3Cache,
  w4,
  w5,
];
