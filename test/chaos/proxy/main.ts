import { answerParent } from '../apart/answer-parent.ts';
import { type Choice, type Lane, openLane, type Trouble } from './lane.ts';

const lanes = new Map<string, Lane>();

function laneOf(name: string): Lane {
  const lane = lanes.get(name);
  if (lane === undefined) throw new Error(`there is no lane ${name}`);
  return lane;
}

const answers = {
  /** Opens a lane and returns its port. */
  async open(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
    const lane = await openLane(labels);
    lanes.set(name, lane);
    return lane.port;
  },
  aim: (name: string, target: string) => laneOf(name).aim(target),
  suffer: (name: string, trouble: Trouble) => laneOf(name).suffer(trouble),
  cut: (name: string, choice?: Choice) => laneOf(name).cut(choice),
  passages: (name: string) => laneOf(name).passages(),
  /** Ends all trouble of all lanes. */
  heal() {
    for (const lane of lanes.values()) lane.suffer({});
  },
};

/** What the proxy's process can be asked. */
export type ProxyAnswers = typeof answers;

answerParent(answers);
