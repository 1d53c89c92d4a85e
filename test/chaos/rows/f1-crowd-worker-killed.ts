import { askAsCrowd } from '../loads/crowd.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'F1b',
  title: '10,000 ask the same at once, and the worker that flies for them is killed',
  injected:
    'as F1a; the job takes six seconds, and while it runs the workers are killed one after the other, each of them back before the next',
  quick: false,
  house: { gatewayProcesses: 4 },
  allows: { controlDegrades: true, ends: { worker: 2 }, warehouse: { jobsPerMark: 2 } },
  run: (chaos) =>
    // From outside nobody can tell which one flies: one of the two does.
    askAsCrowd(chaos, 6_000, 2, async () => {
      for (const worker of chaos.stack.workers) {
        await worker.kill();
        await worker.restart();
      }
      await chaos.watchProcesses();
    }),
});
