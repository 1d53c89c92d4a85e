import { askAsCrowd } from '../loads/crowd.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'F1a',
  title: '10,000 ask the same at once',
  injected:
    '10,000 connections with the same new question at once over four gateway processes; its job takes a second',
  quick: false,
  house: { gatewayProcesses: 4 },
  // The machine has the crowd to answer first: this row is about what becomes of that.
  allows: { controlDegrades: true },
  run: (chaos) => askAsCrowd(chaos, 1_000, 1),
});
